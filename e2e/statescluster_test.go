package e2e_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The same on a cluster of three, with two servers: each in turn is killed, and each
// node of the cluster, one at a time.
func TestStatesOutliveRetentionInACluster(t *testing.T) {
	t.Parallel()
	nodes, url := startNATSNodes(t)
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte(strings.Repeat("5e", 32)), 0o600); err != nil {
		t.Fatal(err)
	}
	admin := freeAddr(t)
	flags := []string{"-no-limits", "-nats", url, "-replicas", "3", "-session-key", key, "-retain-events", "50"}
	a := startServer(t, append(flags, "-admin", admin)...)
	b := startServer(t, flags...)
	seeded := seedRooms(a)
	screens := openScreens(t, a)
	load := startLoad(t, a, b)
	faults := map[string]func(){}
	for name, s := range map[string]*server{"server a": a, "server b": b} {
		faults[name] = func() { s.kill(); s.start() }
	}
	for i, n := range nodes {
		faults["node "+string(rune('0'+i))] = func() {
			n.kill()
			load.burst(20, 10, func() {}) // the other two are enough
			n.run()
			n.untilHealthy()
		}
	}
	for name, fault := range faults { // in any order
		some := 1 + rand.IntN(60)
		t.Logf("%s is killed after %d posts", name, some)
		load.burst(90, some, fault)
	}
	texts := wholeRooms(t, "one server", a, seeded, load)
	if got := wholeRooms(t, "the other", b, seeded, load); !slices.Equal(got, texts) {
		t.Errorf("the other server's lobby is %s", difference(got, texts))
	}
	showNewest(t, screens, b.url, texts)
	untilTrimmed(t, admin)
	a.kill()
	a.start()
	if again := wholeRooms(t, "one server after one more kill", a, seeded, load); !slices.Equal(again, texts) {
		t.Errorf("after one more kill the lobby is %s", difference(again, texts))
	}
}
