// Package statetest tests that a kind of state keeps the rules of a fold: that the
// server, a page and a program that is started again come to the same state.
//
// A test plays a history of events, as varied as the kind allows, and compares the
// end with what it should be:
//
//	func TestBoardIsFolded(t *testing.T) {
//		got := statetest.Check(t, board.Boards,
//			statetest.Event(board.Placed, board.Card{ID: "a", Column: "todo"}),
//			statetest.Event(board.Moved, board.Move{ID: "a", Column: "done"}),
//		)
//		if got.Cards["a"].Column != "done" {
//			t.Error(got)
//		}
//	}
//
// Run it on both platforms, natively and with GOOS=js GOARCH=wasm: the same literal
// result in the test then shows that both halves agree.
package statetest

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/state"
)

// plays is how often a history is folded from the start. Go seldom varies the order of
// a small map: of one with two keys in one look of eight, of one with six in five. So
// a history should put several keys into each map.
const plays = 32

// An Entry is one event of a history.
type Entry func(t testing.TB, topic string) event.Draft

// Event returns an event of a history. Options are those of [event.Type.Publish].
func Event[T any](et event.Type[T], v T, opts ...event.Option) Entry {
	return func(t testing.TB, topic string) event.Draft {
		t.Helper()
		d, err := et.Draft(topic, v, opts...)
		if err != nil {
			t.Fatalf("statetest: an event of type %q: %v", et.Name(), err)
		}
		return d
	}
}

// Check folds the history, events of one topic a second apart from the year 2026 on,
// and returns the state. The test fails, with the number of the event after which it
// shows, unless
//
//   - folding it again gives the same JSON, so that it depends on nothing else;
//   - a state that was written as JSON and read back, after whatever event, goes on
//     to the same JSON, as one does that comes from a checkpoint;
//   - a clone of the state does not change with it;
//   - the kind's window and its folds commute (see [state.Window]), and windowing
//     does not change the state;
//   - a kind with [state.Newest] can be read backwards: its items are in its order once
//     each, come at the end and leave at the beginning; walking back from the window
//     gives each of them; and folding a part of the list gives that part of the folded
//     list.
//
// The time it takes grows with the length of the history times the state's size.
func Check[S any](t testing.TB, k state.Kind[S], history ...Entry) S {
	t.Helper()
	c := checker[S]{t: t, kind: k, events: events(t, k.Topic("check"), history)}
	var want [][]byte // after each event
	s := k.New()
	for i, e := range c.events {
		if folded, err := k.Apply(&s, e); err != nil || !folded {
			t.Fatalf("statetest: event %d, %s: folded %v: %v", i, e.Type(), folded, err)
		}
		want = append(want, c.encode(&s))
	}
	c.checkRepeats(want)
	c.checkCheckpoints(want)
	c.checkClones(want)
	c.checkWindows()
	c.checkList()
	return s
}

// events gives a history the ids and times of a log that is otherwise empty.
func events(t testing.TB, topic string, history []Entry) (all []event.Event) {
	t.Helper()
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i, entry := range history {
		d := entry(t, topic)
		id := event.NewID("check", uint64(i+1), fmt.Sprint("event-", i))
		e, err := event.New(id, d, begin.Add(time.Duration(i)*time.Second))
		if err != nil {
			t.Fatalf("statetest: event %d: %v", i, err)
		}
		all = append(all, e)
	}
	return all
}

type checker[S any] struct {
	t      testing.TB
	kind   state.Kind[S]
	events []event.Event
}

func (c *checker[S]) encode(s *S) []byte {
	c.t.Helper()
	data, err := c.kind.Encode(s)
	if err != nil {
		c.t.Fatalf("statetest: a state cannot be written: %v", err)
	}
	return data
}

func (c *checker[S]) decode(data []byte) S {
	c.t.Helper()
	s, err := c.kind.Decode(c.kind.Description(), data)
	if err != nil {
		c.t.Fatalf("statetest: a state cannot be read back: %v", err)
	}
	return s
}

func (c *checker[S]) apply(s *S, e event.Event) {
	c.t.Helper()
	if _, err := c.kind.Apply(s, e); err != nil {
		c.t.Fatalf("statetest: %v", err)
	}
}

// differ fails the test at the first event after which two states differ.
func (c *checker[S]) differ(i int, what string, got, want []byte) bool {
	c.t.Helper()
	if bytes.Equal(got, want) {
		return false
	}
	c.t.Errorf("statetest: %s, which shows after event %d, %s:\n got %s\nwant %s", what, i, c.events[i].Type(), got, want)
	return true
}

func (c *checker[S]) checkRepeats(want [][]byte) {
	c.t.Helper()
	for range plays {
		s := c.kind.New()
		for i, e := range c.events {
			c.apply(&s, e)
			if c.differ(i, "the same events give another state when they are folded again", c.encode(&s), want[i]) {
				return
			}
		}
	}
}

func (c *checker[S]) checkCheckpoints(want [][]byte) {
	c.t.Helper()
	s := c.kind.New()
	for i, e := range c.events {
		c.apply(&s, e)
		s = c.decode(c.encode(&s))
		if c.differ(i, "a state that comes from a checkpoint goes on to another one", c.encode(&s), want[i]) {
			return
		}
	}
}

func (c *checker[S]) checkClones(want [][]byte) {
	c.t.Helper()
	s := c.kind.New()
	for i, e := range c.events {
		clone, err := c.kind.Clone(&s)
		if err != nil {
			c.t.Fatalf("statetest: %v", err)
		}
		c.apply(&clone, e)
		before := c.encode(&s)
		c.apply(&s, e)
		start := c.kind.New()
		first := c.encode(&start)
		if i > 0 {
			first = want[i-1]
		}
		if c.differ(i, "a fold of a clone changes the state that it was made of", before, first) ||
			c.differ(i, "a clone goes on to another state", c.encode(&clone), want[i]) {
			return
		}
	}
}

func (c *checker[S]) checkWindows() {
	c.t.Helper()
	if !c.kind.Windowed() {
		return
	}
	s := c.kind.New()
	part := c.decode(c.encode(&s))
	for i, e := range c.events {
		c.apply(&s, e)
		c.apply(&part, e)
		whole := c.encode(&s)
		window, next := c.kind.Window(s), c.kind.Window(part)
		// As a page has it: by itself, without what lies beyond the window.
		part = c.decode(c.encode(&next))
		if c.differ(i, "windowing changes the state", c.encode(&s), whole) ||
			c.differ(i, "folding and windowing do not commute", c.encode(&part), c.encode(&window)) {
			return
		}
	}
}
