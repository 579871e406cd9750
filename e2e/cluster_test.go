package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	natsserver "github.com/nats-io/nats-server/v2/server"

	"github.com/seawaykit/seaway/shared/sample/guest"
)

// startNATS starts a server of the kind that a cluster is made of and returns
// its address.
func startNATS(t *testing.T) string {
	t.Helper()
	s, err := natsserver.NewServer(&natsserver.Options{
		Host: "127.0.0.1", Port: -1, Username: "seaway", Password: "secret",
		JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(waitLimit) {
		t.Fatal("the NATS server is not ready")
	}
	return fmt.Sprintf("nats://seaway:secret@%s", s.Addr())
}

// Two programs on one external log are one site: what is posted to one is seen
// on the other, under the same id, and a stream may go on there.
func TestNodesOnOneExternalLogAreOneSite(t *testing.T) {
	t.Parallel()
	url := startNATS(t)
	a, b := startServer(t, "-nats", url), startServer(t, "-nats", url)
	page := openPage(t, a)
	page.untilLive()
	var ids, want []string
	for i := range 6 {
		text := fmt.Sprint("message ", i)
		ids = append(ids, []*server{a, b}[i%2].post("ann", text))
		want = append(want, text)
	}
	page.untilShows(want[5])
	if got := page.texts(); !slices.Equal(got, want) {
		t.Errorf("the page on one node shows %q, want %q", got, want)
	}
	for name, s := range map[string]*server{"first": a, "second": b} {
		var got []string
		for _, e := range s.events("topic=room.lobby&after="+ids[1], 4) {
			id, _, _ := strings.Cut(e.LastEventID, " ")
			got = append(got, id)
		}
		if !slices.Equal(got, ids[2:]) {
			t.Errorf("the %s node resumes with %q, want %q", name, got, ids[2:])
		}
	}
	if status := a.terminate(); status != 0 {
		t.Errorf("SIGTERM: exit status %d", status)
	}
}

// A guest with a connection to any node is present on all nodes that share the
// log, and known to all that share the key. The guests of a node that shuts down
// are removed after a grace period.
func TestGuestsOfAllNodesAreHere(t *testing.T) {
	t.Parallel()
	url, key := startNATS(t), filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte(strings.Repeat("5e", 32)), 0o600); err != nil {
		t.Fatal(err)
	}
	a, b := startServer(t, "-nats", url, "-session-key", key), startServer(t, "-nats", url, "-session-key", key)
	ann, bob := a.guestClient("Ann"), b.guestClient("Bob")
	ann.follow("/events?topic=clock")
	bob.follow("/events?topic=clock")
	for name, s := range map[string]*server{"first": a, "second": b} {
		until(t, "both are here on the "+name+" node", func() bool { return slices.Equal(s.present(), []string{"Ann", "Bob"}) })
	}
	moved := guestClient{s: b, client: ann.client}
	until(t, "the other node knows the guest", func() bool { return ask(&moved, guest.Whoami, guest.WhoamiRequest{}) == ann.Guest })
	b.terminate()
	until(t, "the guests of the other node are gone", func() bool { return slices.Equal(a.present(), []string{"Ann"}) })
}
