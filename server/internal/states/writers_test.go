package states_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/states"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/state"
)

// A distantLog is a log that is some milliseconds away, as a cluster's is.
type distantLog struct {
	eventlog.Log
	mu     sync.Mutex
	random *rand.Rand
}

func (l *distantLog) travel() {
	l.mu.Lock()
	ms := 1 + l.random.IntN(3)
	l.mu.Unlock()
	time.Sleep(time.Duration(ms) * time.Millisecond) // the bubble's
}

func (l *distantLog) AppendAll(ctx context.Context, drafts []event.Draft) ([]event.ID, error) {
	l.travel()
	defer l.travel()
	return l.Log.AppendAll(ctx, drafts)
}

func (l *distantLog) State(ctx context.Context) (eventlog.State, error) {
	l.travel()
	return l.Log.State(ctx)
}

// Sixteen callers change one topic at once: none is lost and none done twice. How often a
// change is decided depends on how many nodes there are, and is printed: the callers of
// one node wait for each other.
func TestWritersOfOneTopicLoseNothing(t *testing.T) {
	const writers, each = 16, 25
	for _, nodes := range []int{1, 2, 4} {
		t.Run(fmt.Sprint(nodes, " nodes"), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				log := &distantLog{Log: eventlog.NewMemory(eventlog.Retention{}), random: rand.New(rand.NewPCG(1, 1))}
				var all []*node
				for range nodes {
					all = append(all, run(t, log, states.Options{}))
				}
				begin := time.Now()
				var wg sync.WaitGroup
				tries := make([][]int, writers)
				for w := range writers {
					wg.Go(func() {
						for i := range each {
							tries[w] = append(tries[w], written(t, all[w%nodes], fmt.Sprint(w, "-", i)))
						}
					})
				}
				wg.Wait()
				took := time.Since(begin)
				for _, n := range all {
					n.shows(t, "red", fmt.Sprint("a", writers*each))
					n.stop()
				}
				if got := held(t, log); got != writers*each {
					t.Errorf("the log has %d events, want %d", got, writers*each)
				}
				flat := slices.Sorted(slices.Values(slices.Concat(tries...)))
				t.Logf("tries: median %d, nine of ten at most %d, most %d; %v for each of the %d changes", flat[len(flat)/2], flat[len(flat)*9/10], flat[len(flat)-1], took/(writers*each), writers*each)
			})
		})
	}
}

// written makes one change, and returns how often it was decided.
func written(t *testing.T, n *node, key string) (tries int) {
	c := states.Change[sheet]{
		Key: "red", CallKey: key,
		Decide: func(c *state.Call, _ sheet) error {
			tries++
			state.Emit(c, added, "a")
			return nil
		},
		Once: func(d *event.Draft) { d.Key, d.Request = key, key },
	}
	if _, err := n.Mutate(t.Context(), c); err != nil {
		t.Error(err)
	}
	return tries
}
