package states_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/states"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/state"
)

var errEnough = fault.New(fault.Conflict, "there is enough of it")

// change adds a name to a sheet that has less than so many of it.
func change(key, callKey, name string, most int) states.Change[sheet] {
	return states.Change[sheet]{
		Key: key, CallKey: callKey,
		Decide: func(c *state.Call, s sheet) error {
			if s.Counts[name] >= most {
				return errEnough
			}
			state.Emit(c, added, name)
			return nil
		},
		Once: func(d *event.Draft) { d.Key, d.Request = callKey, name },
	}
}

// A topic whose newest event has left the log is changed like any other.
func TestMutateKnowsTheTopicsNewestEventAfterItHasLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := small()
		n := run(t, log, states.Options{})
		defer n.stop()
		if _, err := n.Mutate(t.Context(), change("red", "k1", "a", 5)); err != nil {
			t.Fatal(err)
		}
		for range 200 {
			add(t, log, "blue", "x")
			time.Sleep(100 * time.Millisecond)
		}
		if st, err := log.State(t.Context()); err != nil || st.First < 10 {
			t.Fatalf("the log begins at %d (%v)", st.First, err)
		}
		if _, err := n.Mutate(t.Context(), change("red", "k2", "a", 2)); err != nil {
			t.Fatal(err)
		}
		if _, err := n.Mutate(t.Context(), change("red", "k3", "a", 2)); !errors.Is(err, errEnough) {
			t.Errorf("one too many: %v", err)
		}
		n.shows(t, "red", "a2")
	})
}

func TestMutateGivesARetryTheFirstAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := small()
		n := run(t, log, states.Options{})
		defer n.stop()
		first, err := n.Mutate(t.Context(), change("red", "k1", "a", 1))
		if err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]states.Change[sheet]{
			"that would be refused": change("red", "k1", "a", 1),
			"that would not be":     change("red", "k1", "a", 9),
		} {
			if again, err := n.Mutate(t.Context(), c); err != nil || fmt.Sprint(again) != fmt.Sprint(first) {
				t.Errorf("a retry %s: %v (%v), want %v", name, again, err, first)
			}
		}
		if _, err := n.Mutate(t.Context(), change("red", "k1", "b", 1)); !errors.Is(err, eventlog.ErrKeyReused) {
			t.Errorf("another request under the key: %v", err)
		}
		n.shows(t, "red", "a1")
	})
}

// Two nodes have a limit of ten together, whatever each of them knows.
func TestMutateDecidesOnWhatAllNodesHaveDone(t *testing.T) {
	log := small()
	nodes := []*node{run(t, log, states.Options{}), run(t, log, states.Options{})}
	var wg sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for i := range 40 {
		wg.Go(func() {
			_, err := nodes[i%2].Mutate(t.Context(), change("red", fmt.Sprint("k", i), "a", 10))
			switch mu.Lock(); {
			case err == nil:
				done++
			case !errors.Is(err, errEnough):
				t.Error(err)
			}
			mu.Unlock()
		})
	}
	wg.Wait()
	for _, n := range nodes {
		n.shows(t, "red", "a10")
		n.stop()
	}
	if done != 10 {
		t.Errorf("%d were done, want 10", done)
	}
}

// Several events are stored as one, and a retry finds all of them.
func TestMutatePublishesSeveralEventsAsOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := small()
		n := run(t, log, states.Options{})
		defer n.stop()
		three := change("red", "k1", "a", 9)
		three.Decide = func(c *state.Call, s sheet) error {
			if len(s.Counts) > 0 {
				return errEnough
			}
			for _, name := range []string{"a", "b", "a"} {
				state.Emit(c, added, name)
			}
			return nil
		}
		first, err := n.Mutate(t.Context(), three)
		if err != nil || len(first) != 3 || first[2].Seq() != first[0].Seq()+2 {
			t.Fatalf("stored are %v (%v)", first, err)
		}
		if again, err := n.Mutate(t.Context(), three); err != nil || fmt.Sprint(again) != fmt.Sprint(first) {
			t.Errorf("a retry gets %v (%v), want %v", again, err, first)
		}
		n.shows(t, "red", "a2 b1")
	})
}

// A function that panics leaves the state as it is, and free for others.
func TestMutateThatPanicsLetsOthersGoOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := small()
		n := run(t, log, states.Options{})
		defer n.stop()
		bad := change("red", "k1", "a", 1)
		bad.Decide = func(*state.Call, sheet) error { panic("no more") }
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic has vanished")
				}
			}()
			n.Mutate(t.Context(), bad)
		}()
		if _, err := n.Mutate(t.Context(), change("red", "k2", "a", 1)); err != nil {
			t.Error(err)
		}
		n.shows(t, "red", "a1")
	})
}

func TestMutateEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := run(t, small(), states.Options{})
		defer n.stop()
		begun, release := make(chan struct{}), make(chan struct{})
		slow := change("red", "k1", "a", 1)
		decide := slow.Decide
		slow.Decide = func(c *state.Call, s sheet) error {
			close(begun)
			<-release
			return decide(c, s)
		}
		go n.Mutate(t.Context(), slow)
		<-begun
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := n.Mutate(ctx, change("red", "k2", "a", 1)); !errors.Is(err, eventlog.ErrUnavailable) {
			t.Errorf("a call whose turn does not come: %v", err)
		}
		close(release)
	})
}
