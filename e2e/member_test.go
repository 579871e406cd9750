package e2e_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/seawaykit/seaway/shared/sample/guest"
)

// newMember returns a guest who is a member, by whatever way a server is reached.
func (s *server) newMember(name string) *guestClient {
	s.t.Helper()
	jar, _ := cookiejar.New(nil) // it does not fail
	v := &guestClient{s: s, client: &http.Client{Jar: jar, Transport: s.client.Transport}}
	v.follow("").Body.Close()
	v.Guest = ask(v, guest.Rename, guest.RenameRequest{Name: name})
	if !ask(v, guest.Join, guest.MembershipRequest{}).Member {
		s.t.Fatal("the guest is no member")
	}
	return v
}

const membersTopic = "?topic=room." + guest.MembersRoom

// awaitBye reads a stream to its bye of a reason, and returns how long after it began that
// came. The stream must end then.
func awaitBye(t *testing.T, what string, body io.Reader, began time.Time) {
	t.Helper()
	text, err := io.ReadAll(body)
	if err != nil || !strings.Contains(string(text), `"reason":"revoked"`) {
		t.Errorf("%s: %q, %v", what, text, err)
		return
	}
	t.Logf("%s ended after %v", what, time.Since(began).Round(time.Millisecond))
}

// begun returns the stream once its hello has come.
func begun(t *testing.T, what string, resp *http.Response) io.Reader {
	t.Helper()
	body := bufio.NewReader(resp.Body)
	for line := ""; line != "event: hello\n"; {
		var err error
		if line, err = body.ReadString('\n'); err != nil {
			t.Fatalf("%s: status %d, %q, %v", what, resp.StatusCode, line, err)
		}
	}
	return body
}

func TestMembersStreamsEndWhenTheyLeave(t *testing.T) {
	t.Parallel()
	for name, flags := range map[string][]string{"HTTP/1.1": nil, "TLS with HTTP/2": certificate(t)} {
		t.Run(name, func(t *testing.T) {
			s := startServer(t, flags...)
			ann := s.newMember("Ann")
			resp := ann.follow("/events" + membersTopic)
			if want := len(flags) / 2; resp.ProtoMajor != 1+min(want, 1) {
				t.Errorf("the stream is of HTTP/%d", resp.ProtoMajor)
			}
			stream := begun(t, "the stream", resp)
			polled := make(chan *http.Response, 1)
			go func() { polled <- ann.follow("/poll" + membersTopic + "&wait=15000") }()
			socket := ann.socket(t, membersTopic)
			began := time.Now()
			ask(ann, guest.Leave, guest.MembershipRequest{})
			awaitBye(t, "the stream", stream, began)
			awaitBye(t, "the socket", socket, began)
			select {
			case resp := <-polled: // which was refused, or sent its bye
				if body, _ := io.ReadAll(resp.Body); resp.StatusCode != 403 && !strings.Contains(string(body), "revoked") {
					t.Errorf("the poll: %d %s", resp.StatusCode, body)
				}
			case <-time.After(waitLimit):
				t.Error("the poll is not answered")
			}
			for _, path := range []string{"/events", "/poll", "/socket", "/state"} {
				if resp := ann.follow(path + membersTopic); resp.StatusCode != 403 {
					t.Errorf("%s, again: %d", path, resp.StatusCode)
				}
			}
		})
	}
}

// socket opens a socket, and returns what comes on it once its hello has come.
func (v *guestClient) socket(t *testing.T, query string) io.Reader {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), waitLimit)
	t.Cleanup(cancel)
	conn, _, err := websocket.Dial(ctx, v.s.url+"/socket"+query, &websocket.DialOptions{HTTPClient: v.overHTTP1()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.CloseNow() })
	_, hello, err := conn.Read(ctx)
	if err != nil || !strings.Contains(string(hello), "event: hello\n") {
		t.Fatalf("the socket begins with %q (%v)", hello, err)
	}
	r, w := io.Pipe()
	go func() {
		for {
			_, message, err := conn.Read(ctx)
			if websocket.CloseStatus(err) == websocket.StatusGoingAway {
				err = io.EOF
			}
			if err != nil {
				w.CloseWithError(err)
				return
			}
			_, _ = w.Write(message) // the test has ended if it fails
		}
	}()
	return r
}

// overHTTP1 returns the client, with its cookies, for sockets.
func (v *guestClient) overHTTP1() *http.Client {
	client := *v.client
	if transport, ok := client.Transport.(*http.Transport); ok {
		transport = transport.Clone()
		transport.ForceAttemptHTTP2 = false
		transport.TLSClientConfig.NextProtos = []string{"http/1.1"}
		client.Transport = transport
	}
	return &client
}

func TestMembersStreamsEndOnTheOtherNodeToo(t *testing.T) {
	t.Parallel()
	url, key := startNATS(t), filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte(strings.Repeat("5e", 32)), 0o600); err != nil {
		t.Fatal(err)
	}
	a, b := startServer(t, "-nats", url, "-session-key", key), startServer(t, "-nats", url, "-session-key", key)
	ann := a.newMember("Ann")
	there := guestClient{s: b, client: ann.client}
	var resp *http.Response
	until(t, "the other node knows the member", func() bool {
		resp = there.follow("/events" + membersTopic)
		return resp.StatusCode == 200
	})
	stream := begun(t, "the stream there", resp)
	began := time.Now()
	ask(ann, guest.Leave, guest.MembershipRequest{})
	awaitBye(t, "the stream there", stream, began)
	until(t, "the other node refuses her", func() bool { return there.follow("/poll"+membersTopic).StatusCode == 403 })
}
