package e2e_test

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seawaykit/seaway/shared/sample/guest"
)

// elsewhereBound is when a right that was withdrawn on one node has ended on the others.
const elsewhereBound = 10 * time.Second

// startNATSProgram starts a nats-server of its own process.
func startNATSProgram(t *testing.T) (url string) {
	t.Helper()
	n := &natsNode{t: t, addr: freeAddr(t), monitor: freeAddr(t)}
	n.args = []string{natsProgram(t), "-js", "-a", "127.0.0.1", "-p", portOf(n.addr), "-m", portOf(n.monitor), "-sd", t.TempDir()}
	t.Cleanup(n.cleanup)
	n.run()
	n.untilHealthy()
	return "nats://" + n.addr
}

// statusOf makes each request that a member of the room may make, and returns how they are
// answered.
func (v *guestClient) statusOf(row string) int {
	v.s.t.Helper()
	var resp *http.Response
	var err error
	switch row {
	case "to change a state":
		resp, err = v.client.Post(v.s.url+"/commands/chat.post", "application/json", strings.NewReader(`{"room":"members","author":"Ann","text":"of Ann"}`))
	case "to read a state":
		resp, err = v.client.Get(v.s.url + "/state" + membersTopic)
	default: // to follow: a poll that has no time to wait
		resp, err = v.client.Get(v.s.url + "/poll" + membersTopic + "&wait=1")
	}
	if err != nil {
		v.s.t.Fatal(err)
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body) // what is read has been seen by others
	return resp.StatusCode
}

// seesTheRoom reports whether the HTML of the members' room has what was said there.
func (v *guestClient) seesTheRoom() bool {
	v.s.t.Helper()
	text, err := io.ReadAll(v.follow("/room/" + guest.MembersRoom).Body)
	if err != nil {
		v.s.t.Fatal(err)
	}
	return strings.Contains(string(text), "of Ann")
}

// The rows of the table of rights that end, on two programs with one nats-server: a right is
// withdrawn on one node, and ends on the other within 10 s, on all ways, while another
// member has theirs.
func TestNodesOnOneNATSServerEndRights(t *testing.T) {
	t.Parallel()
	for name, flags := range map[string][]string{"HTTP/1.1": nil, "TLS with HTTP/2": certificate(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			key := filepath.Join(t.TempDir(), "key")
			if err := os.WriteFile(key, []byte(strings.Repeat("5e", 32)), 0o600); err != nil {
				t.Fatal(err)
			}
			flags := append([]string{"-nats", startNATSProgram(t), "-session-key", key}, flags...)
			a, b := startServer(t, flags...), startServer(t, flags...)
			ann, bob, stranger := a.newMember("Ann"), a.newMember("Bob"), a.stranger()
			rowsEnd(t, b, ann, bob, stranger)
		})
	}
}

// stranger returns a client without a cookie.
func (s *server) stranger() *guestClient {
	return &guestClient{s: s, client: &http.Client{Transport: s.client.Transport}}
}

func rowsEnd(t *testing.T, b *server, ann, bob, stranger *guestClient) {
	t.Helper()
	there, bobThere := &guestClient{s: b, client: ann.client}, &guestClient{s: b, client: bob.client}
	rows := []string{"to change a state", "to read a state", "to follow"}
	for _, row := range rows {
		until(t, "the other node has it: "+row, func() bool { return there.statusOf(row) == 200 && bobThere.statusOf(row) == 200 })
		for _, v := range []*guestClient{stranger, b.stranger()} {
			if got := v.statusOf(row); got != 401 && got != 403 {
				t.Errorf("a stranger, %s: %d", row, got)
			}
		}
	}
	if there.seesTheRoom() || b.stranger().seesTheRoom() {
		t.Error("a page that is the same for everyone has what only members see")
	}
	polled := make(chan string, 1)
	go func() { polled <- there.poll() }()
	held := there.follow("/events" + membersTopic)
	limit := time.AfterFunc(waitLimit, func() { held.Body.Close() })
	defer limit.Stop()
	stream := begun(t, "the stream there", held)
	socket := there.socket(t, membersTopic)
	other := begun(t, "another member's stream there", bobThere.follow("/events"+membersTopic))

	began := time.Now()
	ask(ann, guest.Leave, guest.MembershipRequest{})
	awaitBye(t, "the stream there", stream, began)
	awaitBye(t, "the socket there", socket, began)
	select {
	case got := <-polled:
		if !strings.Contains(got, "revoked") {
			t.Errorf("the poll there: %s", got)
		}
	case <-time.After(waitLimit):
		t.Fatal("the poll there is not answered")
	}
	for _, row := range rows {
		until(t, "the other node refuses it: "+row, func() bool { return there.statusOf(row) == 403 })
	}
	if took := time.Since(began); took > elsewhereBound {
		t.Errorf("the rights have ended on the other node after %v", took)
	}
	if got := bobThere.statusOf("to change a state"); got != 200 {
		t.Errorf("another member's post is answered %d", got)
	}
	if !goesOn(other) {
		t.Error("another member's stream has ended")
	}
}

// goesOn reports whether a post comes on a stream, and no bye before it.
func goesOn(stream io.Reader) bool {
	for lines := bufio.NewScanner(stream); lines.Scan(); {
		switch lines.Text() {
		case "event: bye":
			return false
		case "event: chat.posted":
			return true
		}
	}
	return false
}

// poll waits for what comes in the members' room, and returns how that ended.
func (v *guestClient) poll() string {
	resp, err := v.client.Get(v.s.url + "/poll" + membersTopic + "&wait=120000")
	if err != nil {
		return err.Error()
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err.Error()
	}
	if resp.StatusCode == 403 { // it came too late to wait
		return "revoked before it began"
	}
	return string(body)
}
