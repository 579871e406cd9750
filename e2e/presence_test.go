package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// startNodes starts nodes of the sample on one NATS server.
func startNodes(t *testing.T, n int) (nodes []*server) {
	t.Helper()
	url, key := startNATS(t), filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte(strings.Repeat("5e", 32)), 0o600); err != nil {
		t.Fatal(err)
	}
	for range n {
		nodes = append(nodes, startServer(t, "-nats", url, "-session-key", key))
	}
	return nodes
}

const here = `document.querySelector("#present").textContent`

// Two browsers at a board, each on its own node, see each other, and who has gone is gone
// for the other.
func TestBrowsersOnTwoNodesSeeEachOther(t *testing.T) {
	t.Parallel()
	nodes := startNodes(t, 2)
	ann, bob := openTab(t), openTab(t)
	ann.navigate(nodes[0].url + "/board/red")
	ann.untilLive()
	ann.until("Ann sees herself", here+` === "1" && !!document.querySelector("#guests .you")`)
	bob.navigate(nodes[1].url + "/board/red")
	bob.untilLive()
	ann.until("Ann sees Bob", here+` === "2"`)
	bob.until("Bob sees Ann", here+` === "2" && document.querySelectorAll("#guests li").length === 2`)
	other := openTab(t)
	other.navigate(nodes[1].url + "/board/blue")
	other.untilLive()
	other.until("another board has others", here+` === "1"`)
	if got := eval[string](ann, here); got != "2" {
		t.Errorf("%s are at the first", got)
	}
	ann.screenshot("presence-board")
	other.click(".to-dashboard")
	until(t, "who leaves the page has left the board", func() bool { return len(nodes[0].presentAt("board.blue")) == 0 })
	bob.navigate("about:blank")
	ann.until("Bob has gone", here+` === "1"`)
	second := ann.openAnother() // which shares the first one's connection
	second.navigate(nodes[0].url + "/board/blue")
	second.untilLive()
	isAtBlue := func(n int) func() bool { return func() bool { return len(nodes[0].presentAt("board.blue")) == n } }
	until(t, "Ann is at another board too", isAtBlue(1))
	second.close()
	until(t, "a tab that is closed has left its board", isAtBlue(0))
	if got := eval[string](ann, here); got != "1" {
		t.Errorf("%s are at the board of the tab that is there", got)
	}
	if bad := ann.complaints(); len(bad) > 0 {
		t.Errorf("the browser complains: %q", bad)
	}
}

// A node of three that is killed is out of the lists of the others within half a minute.
func TestPresenceOfThreeNodesOnNATS(t *testing.T) {
	t.Parallel()
	nodes := startNodes(t, 3)
	var names []string
	for i, s := range nodes {
		name := fmt.Sprint("guest ", i)
		names = append(names, name)
		s.guestClient(name).follow("/events?topic=clock")
	}
	for _, s := range nodes {
		until(t, "all are here on all nodes", func() bool { return slices.Equal(s.present(), names) })
	}
	watched := time.Now()
	until(t, "some signs of life have come", func() bool {
		if got := nodes[0].present(); !slices.Equal(got, names) {
			t.Errorf("while all nodes live %q are here", got)
		}
		return time.Since(watched) > 10*time.Second
	})
	nodes[2].kill()
	begin := time.Now()
	for _, s := range nodes[:2] {
		until(t, "the guest of the dead node is gone", func() bool { return slices.Equal(s.present(), names[:2]) })
		took := time.Since(begin).Round(100 * time.Millisecond)
		if t.Logf("it is gone %v after the kill", took); took > 30*time.Second {
			t.Errorf("%v is more than 30 s", took)
		}
	}
}
