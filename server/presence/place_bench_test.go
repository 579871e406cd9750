package presence

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
)

// users is how many are connected in the benchmarks: a list names few of them.
const users = 10_000

// filledNode returns a node whose one topic has all of the users, before the node publishes.
func filledNode(b *testing.B) (n *node, topics []string) {
	b.Helper()
	log := eventlog.NewMemory(eventlog.Retention{})
	n = newNode(log, slog.New(slog.DiscardHandler), "test.here", func(_ context.Context, user string) (json.RawMessage, error) {
		return json.Marshal(map[string]string{"name": "Name of " + user})
	})
	n.secret = []byte("secret")
	state, err := log.State(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	n.begin(state)
	topics = []string{n.topic("board.red")}
	for i := range users {
		n.Connect(fmt.Sprintf("user%05d", i), topics)
	}
	n.settleAll(b)
	return n, topics
}

// settleAll publishes what is missing in the one topic's list, and folds it.
func (n *node) settleAll(b *testing.B) (bytes int) {
	b.Helper()
	n.mu.Lock()
	n.list("board.red").published, n.started = time.Time{}, time.Time{} // a second has passed
	n.mu.Unlock()
	n.settle(b.Context(), "board.red")
	page, err := n.log.Read(b.Context(), 0, 1, n.topic("board.red"))
	if err != nil || len(page.Events) != 1 {
		b.Fatalf("the log has %d events, %v", len(page.Events), err)
	}
	if e := page.Events[0]; e.ID().Seq() > n.list("board.red").here.Last {
		n.fold(page.Events)
		return len(e.Data())
	}
	return 0
}

// BenchmarkJoin is a connection that begins and ends, of a user who is among 10,000.
func BenchmarkJoin(b *testing.B) {
	n, topics := filledNode(b)
	for i := 0; b.Loop(); i++ {
		n.Connect(fmt.Sprintf("user%05d", i%users), topics)()
	}
}

// BenchmarkChange is what a node does for a list of 10,000 once in a second in which
// somebody comes or goes, whoever it is: last, who is not named, or first, who is.
func BenchmarkChange(b *testing.B) {
	for name, user := range map[string]string{"unnamed": "user09999", "named": "user00000"} {
		b.Run(name, func(b *testing.B) {
			n, topics := filledNode(b)
			data, _ := n.value("board.red")
			largest := 0
			come := func() {
				n.Connect(user, topics)
				largest = max(largest, n.settleAll(b))
			}
			leave := func() {
				n.leave([]string{"board.red"}, user)
				n.mu.Lock()
				n.places["board.red"].users[user].left = time.Time{} // the grace time is over
				n.mu.Unlock()
				largest = max(largest, n.settleAll(b))
			}
			for b.Loop() {
				leave()
				come()
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(2*b.N), "us/change")
			b.ReportMetric(float64(largest), "B/change")
			b.ReportMetric(float64(len(data)), "B/list")
		})
	}
}
