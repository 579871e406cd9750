package e2e_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/presence"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/sample/inbox"
)

// A guestClient is an HTTP client that keeps its cookie.
type guestClient struct {
	s      *server
	client *http.Client
	guest.Guest
}

// guestClient opens the front page and picks a name.
func (s *server) guestClient(name string) *guestClient {
	s.t.Helper()
	jar, _ := cookiejar.New(nil) // it does not fail
	v := &guestClient{s: s, client: &http.Client{Jar: jar}}
	v.follow("").Body.Close()
	v.Guest = ask(v, guest.Rename, guest.RenameRequest{Name: name})
	return v
}

// follow requests a path, and leaves the answer open.
func (v *guestClient) follow(path string) *http.Response {
	v.s.t.Helper()
	resp, err := v.client.Get(v.s.url + path)
	if err != nil {
		v.s.t.Fatal(err)
	}
	v.s.t.Cleanup(func() { resp.Body.Close() })
	return resp
}

func ask[Req, Rep any](v *guestClient, c command.Type[Req, Rep], req Req) (rep Rep) {
	v.s.t.Helper()
	body, _ := json.Marshal(req) // a contract's request encodes
	resp, err := v.client.Post(v.s.url+command.PathPrefix+c.Name(), "application/json", bytes.NewReader(body))
	if err != nil {
		v.s.t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&rep); err != nil || resp.StatusCode != 200 {
		v.s.t.Fatalf("%s: status %d, %v", c.Name(), resp.StatusCode, err)
	}
	return rep
}

// present returns the names of the present guests.
func (s *server) present() (names []string) { return s.presentAt(presence.Site) }

// presentAt returns the names in a list.
func (s *server) presentAt(key string) (names []string) {
	s.t.Helper()
	_, text := s.get("/state?topic=" + guest.Here.Topic(key))
	var answer struct{ Value presence.Here[guest.Guest] }
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		s.t.Fatal(err)
	}
	for _, p := range answer.Value.People() {
		names = append(names, p.Profile.Name)
	}
	slices.Sort(names)
	return names
}

// After a crash a guest has the same id, name and inbox, and may change its own
// messages, and only guests with a connection are present.
func TestGuestsOutliveACrash(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	ann, bob := s.guestClient("Ann"), s.guestClient("Bob")
	ann.follow("/events?topic=clock")
	bob.follow("/events?topic=clock")
	until(t, "both are here", func() bool { return slices.Equal(s.present(), []string{"Ann", "Bob"}) })
	ask(ann, chat.Post.Command(), chat.PostRequest{Room: "lobby", Text: "where is @bob?"})
	key := filepath.Join(s.data, "session.key")
	before, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	s.kill()
	s.start()
	if after, err := os.ReadFile(key); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the key file has changed (%v)", err)
	}
	if got := ask(bob, guest.Whoami, guest.WhoamiRequest{}); got != bob.Guest {
		t.Errorf("after the crash %v is %v", bob.Guest, got)
	}
	bob.follow("/events?topic=clock")
	until(t, "only one is left", func() bool { return slices.Equal(s.present(), []string{"Bob"}) })
	var m chat.Message
	if err := json.Unmarshal([]byte(s.events("topic=room.lobby&last=1", 1)[0].Data), &m); err != nil || m.Author != "Ann" || m.By != ann.ID {
		t.Fatalf("the message is %+v (%v)", m, err)
	}
	ask(ann, chat.Edit.Command(), chat.EditRequest{Room: "lobby", ID: m.ID, Text: "there he is"})
	resp := bob.follow("/poll?topic=" + inbox.Topic(bob.ID) + "&last=10")
	var body bytes.Buffer
	if _, err := body.ReadFrom(resp.Body); err != nil || !bytes.Contains(body.Bytes(), []byte("where is @bob?")) {
		t.Errorf("bob's inbox: %s (%v)", &body, err)
	}
}
