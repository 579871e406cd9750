//go:build !js

package live

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/state"
	"github.com/seawaykit/seaway/shared/wire"
)

// beside answers what a page asks for notes by themselves, and then for everything.
func (r *mounted) beside(t *testing.T, head uint64, retained ...transport.Frame) *sourcetest.Conn {
	t.Helper()
	fetch := r.next(t, "notes")
	if asked := asks(t, fetch); asked.Get("last") != "7" || asked.Get("after") != "" {
		t.Errorf("the page asks for %v", asked)
	}
	fetch.Send(sourcetest.HelloFrom(wire.Hello{Epoch: "e1", Head: id(head), Mode: wire.Live}, id(1)))
	fetch.Send(append(retained, sourcetest.Heartbeat(id(head)))...)
	conn := r.next(t, "poll.red", "notes")
	conn.Send(sourcetest.Hello(wire.Resumed, id(head)))
	r.run()
	return conn
}

// The window that follows a reset is of all topics together, and a busy state leaves
// nothing of it to others.
func TestTopicsBesideAStateBeginAnewAfterAReset(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newMounted(Options{Last: 7})
		red := State(r.Page, polls, "red")
		red.load(votes(5, "a"))
		r.mountIn(t)
		conn := r.server.Next()
		conn.Send(sourcetest.Hello(wire.Live, id(5)), noteOn("notes", 6, "before"))
		r.run()
		r.serve(map[string]carriedState{readRed: votes(40, "x", "y")})
		var busy []transport.Frame
		for seq := range uint64(7) {
			busy = append(busy, vote(33+seq, "red", fmt.Sprint(seq)))
		}
		conn.Send(sourcetest.Reset(id(32), wire.Purged))
		conn.Send(append(busy, noteOn("notes", 40, "c"))...)
		r.run()
		if len(r.shown) > 0 {
			t.Errorf("before all are there it shows %q", r.shown)
		}
		drawn := r.beside(t, 40, noteOn("notes", 20, "a"), noteOn("notes", 30, "b"), noteOn("notes", 40, "c"))
		if !slices.Equal(r.shown, []string{"a", "b", "c"}) || r.State().Phase != source.Live {
			t.Errorf("after a reset it shows %q and is %v", r.shown, r.State().Phase)
		}
		drawn.Send(noteOn("notes", 41, "d"), vote(42, "red", "z"))
		r.run()
		if !slices.Equal(r.shown, []string{"a", "b", "c", "d"}) {
			t.Errorf("after one more it shows %q", r.shown)
		}
		shows(t, "after a reset", red, "y", "z")
	})
}

// Another stream, as for another user, that begins before they are there goes on with it.
func TestTopicsBesideAStateAreNotForgottenByAnotherStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newMounted(Options{Last: 7})
		State(r.Page, polls, "red").load(votes(5, "a"))
		r.mountIn(t)
		conn := r.next(t, "notes", "poll.red")
		conn.Send(sourcetest.Hello(wire.Live, id(5)))
		r.run()
		conn.Send(sourcetest.Reset(id(32), wire.Purged), vote(33, "red", "x"))
		synctest.Wait()
		conn.Send(vote(34, "red", "y"))
		r.run() // both batches
		r.next(t, "notes")
		r.follow()
		r.next(t, "poll.red").Send(sourcetest.Hello(wire.Resumed, id(34)))
		r.beside(t, 34, noteOn("notes", 20, "a"))
		if !slices.Equal(r.shown, []string{"a"}) {
			t.Errorf("it shows %q", r.shown)
		}
		r.follow()
		if got := asks(t, r.server.Next())["topic"]; !slices.Equal(got, []string{"notes", "poll.red"}) {
			t.Errorf("when they are there, it goes on with %q", got)
		}
	})
}

// A page's HTML may have a state and no events, if this build would misread them.
func TestTopicsBesideAStateBeginWithoutFirstEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newMounted(Options{Last: 7})
		State(r.Page, polls, "red")
		f := aFirst()
		f.Versions.Schema["note.written.2"] = "0123456789abcdef"
		f.States = []carriedState{votes(9, "a")}
		if !r.apply(f) {
			t.Fatal("the state is not taken")
		}
		r.mountIn(t)
		conn := r.next(t, "poll.red")
		if got := asks(t, conn).Get("after"); got != id(9).String() {
			t.Errorf("it goes on after %s", got)
		}
		conn.Send(sourcetest.Hello(wire.Resumed, id(9)))
		r.beside(t, 9, noteOn("notes", 3, "a"))
		if !slices.Equal(r.shown, []string{"a"}) {
			t.Errorf("it shows %q", r.shown)
		}
	})
}

func TestTopicsWithoutAStateFollowAReset(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newMounted(Options{Last: 7})
		r.mountIn(t)
		conn := r.next(t, "notes")
		conn.Send(sourcetest.Hello(wire.Live, id(5)))
		r.run()
		conn.Send(sourcetest.Reset(id(32), wire.Purged), noteOn("notes", 40, "c"))
		r.run()
		if !slices.Equal(r.shown, []string{"c"}) || r.server.Waiting() > 0 {
			t.Errorf("it shows %q and asks for more", r.shown)
		}
	})
}

// A state that was erased does not follow from the one before.
func TestValueThatWasErasedIsReplaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newMounted(Options{})
		v := State(r.Page, polls, "red")
		v.load(votes(5, "a"))
		r.report()
		var replaced []bool
		v.OnChange(func(r bool) { replaced = append(replaced, r) })
		r.mountIn(t)
		conn := r.next(t, "notes", "poll.red")
		conn.Send(sourcetest.Hello(wire.Live, id(5)), erasure(6, "poll.red"), vote(7, "red", "b"))
		r.run()
		conn.Send(vote(8, "red", "c"))
		r.run()
		if !slices.Equal(replaced, []bool{true, false}) {
			t.Errorf("reported as replaced: %v", replaced)
		}
	})
}

func erasure(seq uint64, topic string) transport.Frame {
	return sourcetest.EventOn(state.Erased, event.Meta{ID: id(seq), Topic: topic}, state.Erasure{})
}
