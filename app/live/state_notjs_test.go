//go:build !js

package live

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/state"
	"github.com/seawaykit/seaway/shared/wire"
)

// A poll is the newest three votes of all. Pages have a window of two.
type poll struct{ Votes []string }

var (
	polls = state.Define("poll", state.Window(func(t poll) poll {
		return poll{t.Votes[max(0, len(t.Votes)-2):]}
	}))
	voted = state.On(polls, "poll.voted", func(t *poll, e event.Of[string]) {
		if e.Value == "invalid" {
			panic("no such vote")
		}
		t.Votes = append(t.Votes, e.Value)
	})
)

const readRed = "/state?window&topic=poll.red"

// votes returns a state as the server answers it.
func votes(seq uint64, votes ...string) carriedState {
	value, err := json.Marshal(poll{votes})
	if err != nil {
		panic(err)
	}
	return carriedState{Topic: "poll.red", Type: polls.Fingerprint(), Position: id(seq), Value: value}
}

func vote(seq uint64, key, v string) transport.Frame {
	return sourcetest.EventOn(voted, event.Meta{ID: id(seq), Topic: polls.Topic(key), At: time.Unix(1e9, 0)}, v)
}

func shows(t *testing.T, when string, v *Value[poll], want ...string) {
	t.Helper()
	if got := v.Now().Votes; !slices.Equal(got, want) {
		t.Errorf("%s: it shows %q, want %q", when, got, want)
	}
}

func TestValueIsDrawnByTheServerAndFoldedOnByThePage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := aHost(t)
		h.states = map[string]carriedState{"poll.red": votes(5, "a", "b")}
		with(t, h)
		server := newMounted(Options{})
		drawn := State(server.Page, polls, "red")
		server.Init()
		shows(t, "on the server", drawn, "a", "b")

		r := newMounted(Options{})
		v := State(r.Page, polls, "red")
		if !r.apply(carriedBy(t, server.Page)) || !v.Known() {
			t.Fatal("the browser does not take the server's state")
		}
		shows(t, "in the browser", v, "a", "b")
		r.mountIn(t)
		conn := r.server.Next()
		if asked := asks(t, conn); asked.Get("after") != id(3).String() || !slices.Equal(asked["topic"], []string{"notes", "poll.red"}) {
			t.Errorf("the stream was asked for %v", asked)
		}
		conn.Send(sourcetest.Hello(wire.Resumed, id(3)), vote(5, "red", "b"), vote(6, "red", "c"), vote(7, "blue", "x"))
		r.run()
		shows(t, "after an event", v, "b", "c")
		if len(r.asked()) != 0 {
			t.Errorf("it has asked for %v", r.asked())
		}
	})
}

// The events that come while the value is fetched are in it, or folded into it.
func TestValueIsFetchedOnceTheStreamIsLive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newMounted(Options{})
		v := State(r.Page, polls, "red")
		r.held = make(chan struct{})
		r.serve(map[string]carriedState{readRed: votes(7, "a", "b")})
		r.mountIn(t)
		conn := r.server.Next()
		r.run()
		if len(r.asked()) != 0 {
			t.Error("it has asked before the stream was live")
		}
		conn.Send(sourcetest.Hello(wire.Live, id(5)), vote(6, "red", "a"), vote(7, "red", "b"), vote(8, "red", "c"))
		r.run()
		shows(t, "before there is a value", v)
		close(r.held)
		r.run()
		shows(t, "with the value", v, "b", "c")
		if !slices.Equal(r.asked(), []string{readRed}) {
			t.Errorf("it has asked for %v", r.asked())
		}
	})
}

func TestValueIsReplacedAtOnceAfterAReset(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newMounted(Options{})
		v := State(r.Page, polls, "red")
		v.load(votes(5, "a", "b"))
		r.mountIn(t)
		conn := r.server.Next()
		conn.Send(sourcetest.Hello(wire.Live, id(5)))
		r.run()
		r.held = make(chan struct{})
		r.serve(map[string]carriedState{readRed: votes(40, "x", "y")})
		conn.Send(sourcetest.Reset(id(30), wire.Purged), vote(39, "red", "x"), vote(40, "red", "y"), vote(41, "red", "z"))
		r.run()
		shows(t, "while it is fetched", v, "a", "b")
		close(r.held)
		r.run()
		shows(t, "after the reset", v, "y", "z")
	})
}

// An answer from before a reset may end before what the stream brings after it: the
// events between would be missing.
func TestValueFromBeforeAResetIsNotTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newMounted(Options{})
		v := State(r.Page, polls, "red")
		r.held = make(chan struct{})
		r.serve(map[string]carriedState{readRed: votes(5, "old")})
		r.mountIn(t)
		conn := r.server.Next()
		conn.Send(sourcetest.Hello(wire.Live, id(5)))
		r.run()
		synctest.Wait() // the server has read the state, and its answer is on its way
		r.serve(map[string]carriedState{readRed: votes(30, "x", "y")})
		conn.Send(sourcetest.Reset(id(30), wire.Purged), vote(31, "red", "z"))
		r.run()
		close(r.held)
		r.run()
		r.run()
		shows(t, "after the reset", v, "y", "z")
	})
}

func TestValueIsAskedForAgain(t *testing.T) {
	for _, status := range []int{500, 503, 429} {
		synctest.Test(t, func(t *testing.T) {
			r := newMounted(Options{})
			r.refuses = status
			v := State(r.Page, polls, "red")
			r.mountIn(t)
			r.server.Next().Send(sourcetest.Hello(wire.Live, id(5)))
			r.run()
			r.run() // with the server's answer
			r.serve(map[string]carriedState{readRed: votes(6, "a")})
			shows(t, "while the server refuses", v)
			time.Sleep(2 * readAgain)
			r.run()
			r.run()
			shows(t, "when it does not any more", v, "a")
		})
	}
}

// An event that this page cannot fold is perhaps one that the server can.
func TestValueThatCannotBeFoldedIsFetched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newMounted(Options{})
		v := State(r.Page, polls, "red")
		v.load(votes(5, "a"))
		r.serve(map[string]carriedState{readRed: votes(6, "a", "changed")})
		r.mountIn(t)
		conn := r.server.Next()
		conn.Send(sourcetest.Hello(wire.Live, id(5)), vote(6, "red", "invalid"))
		r.run()
		r.run()
		conn.Send(vote(7, "red", "b"))
		r.run()
		shows(t, "after it", v, "changed", "b")
	})
}

func TestValuesShareOneConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newMounted(Options{})
		red, blue := State(r.Page, polls, "red"), State(r.Page, polls, "blue")
		red.load(votes(5, "a"))
		r.serve(map[string]carriedState{strings.Replace(readRed, "red", "blue", 1): votes(6, "x")})
		r.mountIn(t)
		conn := r.server.Next()
		conn.Send(sourcetest.Hello(wire.Live, id(5)), vote(7, "blue", "y"), vote(8, "red", "b"))
		r.run()
		r.run()
		shows(t, "red", red, "a", "b")
		shows(t, "blue", blue, "x", "y")
		blue.Close()
		conn.Send(vote(9, "blue", "z"), vote(10, "red", "c"))
		r.run()
		shows(t, "red, after Close of blue", red, "b", "c")
		if got := fmt.Sprint(r.Source().Topics()); got != "[notes poll.red]" {
			t.Errorf("after Close it follows %s", got)
		}
		shows(t, "blue, after Close", blue, "x", "y")
	})
}

func TestValueOfAnotherTypeNeedsAnotherBuild(t *testing.T) {
	r := newMounted(Options{})
	v := State(r.Page, polls, "red")
	other := votes(5, "a")
	other.Type = "0123456789abcdef"
	if v.load(other) || r.skew() != source.SkewIncompatible {
		t.Errorf("the page has skew %v", r.skew())
	}
	if !v.load(votes(6, "b")) || r.skew() != source.SkewSame {
		t.Errorf("with a value of its own type: skew %v", r.skew())
	}
}

func TestValueIsEmptyAfterAnErasure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newMounted(Options{})
		v := State(r.Page, polls, "red")
		v.load(votes(5, "a"))
		r.mountIn(t)
		erased := sourcetest.EventOn(state.Erased, event.Meta{ID: id(6), Topic: "poll.red", At: time.Unix(1e9, 0)}, state.Erasure{})
		r.server.Next().Send(sourcetest.Hello(wire.Live, id(5)), erased, vote(7, "red", "b"))
		r.run()
		shows(t, "after an erasure", v, "b")
	})
}

// A state that the user goes to later comes by the same stream.
func TestValueIsFollowedOnAMountedPage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newMounted(Options{})
		blue := votes(5)
		blue.Topic = "poll.blue"
		State(r.Page, polls, "blue").load(blue)
		r.mountIn(t)
		first := r.server.Next()
		first.Send(sourcetest.Hello(wire.Live, id(5)))
		r.run()
		r.serve(map[string]carriedState{readRed: votes(5, "a")})
		red := State(r.Page, polls, "red")
		fetch := r.server.Next()
		fetch.Send(sourcetest.HelloFrom(wire.Hello{Epoch: "e1", Head: id(5), Mode: wire.Live}, id(1)), vote(4, "red", "a"), sourcetest.Heartbeat(id(5)))
		r.run()
		if len(r.asked()) != 0 {
			t.Error("it has asked before the stream had the topic")
		}
		joined := r.server.Next()
		joined.Send(sourcetest.Hello(wire.Resumed, id(5)))
		r.run()
		joined.Send(vote(6, "red", "b"))
		r.run()
		time.Sleep(2 * joinPause)
		r.run()
		r.run()
		shows(t, "on the mounted page", red, "a", "b")
		if got := len(r.asked()); got != 1 {
			t.Errorf("it has asked %d times: %v", got, r.asked())
		}
	})
}

func TestValueOfANewKindOpensTheStreamAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newMounted(Options{})
		r.mountIn(t)
		r.server.Next().Send(sourcetest.Hello(wire.Live, id(5)))
		r.run()
		r.serve(map[string]carriedState{readRed: votes(5, "a")})
		red := State(r.Page, polls, "red")
		again := r.server.Next()
		again.Send(sourcetest.Hello(wire.Resumed, id(5)), vote(6, "red", "b"))
		r.run()
		r.run()
		shows(t, "on the mounted page", red, "a", "b")
	})
}
