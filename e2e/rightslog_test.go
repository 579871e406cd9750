package e2e_test

import (
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// The row of the table of rights about the log: who reaches its directory, and nobody else.
// The directory is its owner's, with the keys in it, and on no transport, plain or over TLS
// with HTTP/2, is there a file of it or a topic of the kit's own.
func TestRightToTheLogIsOfItsDirectory(t *testing.T) {
	t.Parallel()
	for name, flags := range map[string][]string{"HTTP/1.1": nil, "TLS with HTTP/2": certificate(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startServer(t, flags...)
			ann := s.newMember("Ann") // a guest with a cookie gets no more than a stranger
			if info, err := os.Stat(s.data); err != nil || info.Mode().Perm() != 0o700 {
				t.Errorf("the directory has the mode %v, %v", info.Mode(), err)
			}
			for _, name := range filesOf(t, s.data) {
				for _, path := range []string{"/" + name, "/data/" + name, "/web/" + name, "/web/%2e%2e/%2e%2e" + s.data + "/" + name, "/web/..%2f..%2f" + name, s.data + "/" + name} {
					ann.isGivenNoFile(path, filepath.Join(s.data, name))
				}
			}
			for _, topic := range []string{"seaway.presence.guest.here", "seaway.revoked", "guest.members.all"} {
				for _, path := range []string{"/events", "/poll", "/state"} {
					if resp := ann.follow(path + "?topic=" + topic); resp.StatusCode < 400 || resp.StatusCode > 404 {
						t.Errorf("%s of %s is answered %d", path, topic, resp.StatusCode)
					}
				}
				ann.isGivenNoSocket(topic)
			}
		})
	}
}

// filesOf returns the names of the files of a directory, of which there are some.
func filesOf(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			name, _ := filepath.Rel(dir, path) // it is below
			names = append(names, name)
		}
		return err
	})
	if err != nil || len(names) < 2 {
		t.Fatalf("the directory has %v, %v", names, err)
	}
	return names
}

// isGivenNoFile requests a path as it is spelled.
func (v *guestClient) isGivenNoFile(path, file string) {
	v.s.t.Helper()
	req, err := http.NewRequestWithContext(v.s.t.Context(), http.MethodGet, v.s.url, nil)
	if err != nil {
		v.s.t.Fatal(err)
	}
	unescaped, err := url.PathUnescape(path)
	if err != nil {
		v.s.t.Fatal(err)
	}
	req.URL.Path, req.URL.RawPath = unescaped, path
	resp, err := v.client.Do(req)
	if err != nil {
		v.s.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		v.s.t.Fatal(err)
	}
	stored, err := os.ReadFile(file)
	if err != nil || len(stored) < 8 { // it has gone since, or says nothing
		return
	}
	if resp.StatusCode == http.StatusOK || strings.Contains(string(text), string(stored)) {
		v.s.t.Errorf("%s is answered %s with %.80q", path, resp.Status, text)
	}
}

func (v *guestClient) isGivenNoSocket(topic string) {
	v.s.t.Helper()
	conn, resp, err := websocket.Dial(v.s.t.Context(), v.s.url+"/socket?topic="+topic, &websocket.DialOptions{HTTPClient: v.overHTTP1()})
	if err == nil {
		conn.CloseNow()
		v.s.t.Errorf("a socket of %s opens", topic)
	} else if resp == nil || resp.StatusCode < 400 || resp.StatusCode > 404 {
		v.s.t.Errorf("a socket of %s: %v", topic, err)
	}
}
