//go:build !js

package live

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// noteOn returns the frame of a note on a topic.
func noteOn(topic string, seq uint64, text string) transport.Frame {
	return sourcetest.EventOn(written, event.Meta{ID: id(seq), Topic: topic, At: time.Unix(0, 0)}, note{text})
}

// followMore begins a page that follows notes at number 9 and then more, of which
// the frames are retained.
func (r *mounted) followMore(t *testing.T, retained ...transport.Frame) *sourcetest.Conn {
	t.Helper()
	r.run()
	fetch := r.server.Next()
	if got := asks(t, fetch)["topic"]; !slices.Equal(got, []string{"more"}) {
		t.Errorf("what is retained was asked for of %q", got)
	}
	fetch.Send(sourcetest.HelloFrom(wire.Hello{Epoch: "e1", Head: id(9), Mode: wire.Live}, id(1)))
	fetch.Send(append(retained, sourcetest.Heartbeat(id(9)))...)
	r.run()
	conn := r.server.Next()
	conn.Send(sourcetest.Hello(wire.Resumed, id(9)))
	synctest.Wait()
	return conn
}

func TestPageFollowsMoreInOneRedraw(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newMounted(Options{Last: 7})
		r.mountIn(t)
		r.server.Next().Send(sourcetest.Hello(wire.Live, id(9)))
		r.run()
		if err := r.Follow("more"); err != nil {
			t.Fatal(err)
		}
		before := r.dispatched
		conn := r.followMore(t, noteOn("more", 2, "a"), noteOn("more", 5, "b"))
		r.run()
		if drawn := r.dispatched - before; drawn != 1 || !slices.Equal(r.shown, []string{"a", "b"}) {
			t.Errorf("what is retained was drawn %d times, and shows %q", drawn, r.shown)
		}
		conn.Send(noteOn("more", 10, "c"), noteOn("notes", 11, "d"))
		r.run()
		if !slices.Equal(r.shown, []string{"a", "b", "c", "d"}) || r.State().Phase != source.Live {
			t.Errorf("it shows %q, and is %v", r.shown, r.State().Phase)
		}
		if e := r.events[2]; e.Topic != "more" {
			t.Errorf("an event is of %q", e.Topic)
		}
	})
}

// What has been collected of a topic, and not been drawn yet, belongs to what the page
// does not follow any more.
func TestPageUnfollowsAtOnceAndBeginsAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newMounted(Options{Last: 7})
		r.mountIn(t)
		r.server.Next().Send(sourcetest.Hello(wire.Live, id(9)))
		r.run()
		if err := r.Follow("more"); err != nil {
			t.Fatal(err)
		}
		conn := r.followMore(t)
		r.run()
		conn.Send(noteOn("more", 10, "stale"), noteOn("notes", 11, "a"))
		synctest.Wait() // collected and not drawn
		if err := r.Unfollow("more"); err != nil {
			t.Fatal(err)
		}
		if err := r.Follow("more"); err != nil {
			t.Fatal(err)
		}
		r.run()
		if !slices.Equal(r.shown, []string{"a"}) {
			t.Errorf("it shows %q", r.shown)
		}
		fetch := r.server.Next()
		fetch.Send(sourcetest.HelloFrom(wire.Hello{Epoch: "e1", Head: id(11), Mode: wire.Live}, id(1)), noteOn("more", 10, "b"), sourcetest.Heartbeat(id(11)))
		r.run()
		r.server.Next().Send(sourcetest.Hello(wire.Resumed, id(11)))
		r.run()
		if !slices.Equal(r.shown, []string{"a", "b"}) {
			t.Errorf("it shows %q", r.shown)
		}
	})
}

func TestPageKeepsItsTopicsWhenItIsMountedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newMounted(Options{Last: 7})
		r.mountIn(t)
		r.server.Next().Send(sourcetest.Hello(wire.Live, id(9)))
		r.run()
		if err := r.Follow("more"); err != nil {
			t.Fatal(err)
		}
		r.followMore(t, noteOn("more", 2, "a"))
		r.run()
		r.Close()
		if err := r.Follow("late"); err != nil { // while it is not mounted
			t.Fatal(err)
		}
		r.follow()
		conn := r.server.Next()
		if q := asks(t, conn); !slices.Equal(q["topic"], []string{"notes", "more"}) || q.Get("after") != id(9).String() {
			t.Errorf("it goes on with %v", q)
		}
		conn.Send(sourcetest.Hello(wire.Resumed, id(9)))
		r.run()
		if q := asks(t, r.server.Next()); !slices.Equal(q["topic"], []string{"late"}) {
			t.Errorf("it asks for what is retained of %v", q)
		}
		if err := r.Unfollow("notes", "late"); err != nil {
			t.Fatal(err)
		}
		r.follow()
		if q := asks(t, r.server.Next()); !slices.Equal(q["topic"], []string{"more"}) {
			t.Errorf("it goes on with %v", q)
		}
	})
}

func TestPageReportsTopicsThatCannotBeFollowed(t *testing.T) {
	p := New(Options{Topics: []string{"notes"}})
	var bad *event.NameError
	if err := p.Follow("not a topic"); !errors.As(err, &bad) {
		t.Errorf("a bad topic: %v", err)
	}
	if err := p.Unfollow("notes"); !errors.Is(err, source.ErrNoTopics) {
		t.Errorf("the last topic: %v", err)
	}
	if got := p.topics(); !slices.Equal(got, []string{"notes"}) {
		t.Errorf("it follows %q", got)
	}
}

func TestPageThatFollowsNothingHasNoStreamUntilItDoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newMounted(Options{})
		r.opts.Topics = nil
		r.mountIn(t)
		if r.Source() != nil {
			t.Fatal("it has a stream")
		}
		if err := r.Follow("notes"); err != nil {
			t.Fatal(err)
		}
		r.next(t, "notes")
		r.Close()
		if err := r.Follow("others"); err != nil || r.Source() != nil {
			t.Errorf("a page that was closed has a stream again (%v)", err)
		}
	})
}
