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

	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/state"
	"github.com/seawaykit/seaway/shared/wire"
)

// A trail is a list of steps by name. Pages begin with the newest two.
type trail struct {
	Order []string
	Steps map[string]int // how often each was taken
}

func (t *trail) items() (*[]string, *map[string]int) { return &t.Order, &t.Steps }

func (t *trail) take(e event.Of[string]) {
	if _, known := t.Steps[e.Value]; !known {
		t.Order = append(t.Order, e.Value)
	}
	t.Steps[e.Value] = 1
}

var (
	trails  = state.Define("trail", state.Newest(2, (*trail).items))
	stepped = state.On(trails, "trail.stepped", (*trail).take)
	retaken = state.On(trails, "trail.retaken", func(t *trail, e event.Of[string]) {
		if n, known := t.Steps[e.Value]; known {
			t.Steps[e.Value] = n + 1
		}
	})
)

const readTrail = "/state?window&topic=trail.red"

// steps returns a part of a trail as the server answers it.
func steps(seq uint64, names ...string) carriedState {
	t := trails.New()
	for _, name := range names {
		t.take(event.Of[string]{Value: name})
	}
	value, err := json.Marshal(t)
	if err != nil {
		panic(err)
	}
	return carriedState{Topic: "trail.red", Type: trails.Fingerprint(), Position: id(seq), Value: value}
}

func withMore(c carriedState) carriedState { c.More = true; return c }

func stepOf(et event.Type[string], seq uint64, name string) transport.Frame {
	return sourcetest.EventOn(et, event.Meta{ID: id(seq), Topic: "trail.red", At: time.Unix(1e9, 0)}, name)
}

// A walk is a mounted page with a trail.
type walk struct {
	*mounted
	t *testing.T
	*Value[trail]
	conn    *sourcetest.Conn
	outcome []string
}

func newWalk(t *testing.T, from carriedState) *walk {
	t.Helper()
	r := newMounted(Options{})
	w := &walk{mounted: r, t: t, Value: State(r.Page, trails, "red")}
	w.load(from)
	w.Value.report() // as Init does
	r.mountIn(t)
	w.conn = r.server.Next()
	w.conn.Send(sourcetest.Hello(wire.Live, id(5)))
	r.run()
	return w
}

func (w *walk) ask(before string, n int) {
	w.Older(before, n, func(older trail, more bool, err error) {
		w.outcome = append(w.outcome, fmt.Sprint(older.Order, more, err))
	})
}

func (w *walk) got(when string, want ...string) {
	w.t.Helper()
	if !slices.Equal(w.outcome, want) {
		w.t.Errorf("%s: Older gave %q, want %q", when, w.outcome, want)
	}
}

func (w *walk) has(when, want string) {
	w.t.Helper()
	var all []string
	for _, name := range w.Now().Order {
		all = append(all, fmt.Sprint(name, w.Now().Steps[name]))
	}
	if got := strings.Join(all, " "); got != want || len(w.Now().Steps) != len(all) {
		w.t.Errorf("%s: the page has %s, want %s", when, got, want)
	}
}

func TestOlderWidensTheValue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWalk(t, steps(5, "d", "e"))
		if !w.HasOlder("d") || !w.HasOlder("e") {
			t.Error("a full window has nothing before it")
		}
		w.serve(map[string]carriedState{
			"/state?topic=trail.red&before=d&n=2": withMore(steps(5, "b", "c")),
			"/state?topic=trail.red&before=b&n=2": steps(5, "a"),
		})
		changes := 0
		w.OnChange(func(replaced bool) {
			if changes++; replaced {
				t.Error("older items have replaced the value")
			}
		})
		w.ask("d", 2)
		w.run()
		w.got("the first", "[b c] true <nil>")
		w.has("then", "b1 c1 d1 e1")
		w.ask("b", 2)
		w.run()
		w.got("the second", "[b c] true <nil>", "[a] false <nil>")
		w.conn.Send(stepOf(stepped, 6, "f"), stepOf(retaken, 7, "b"), stepOf(retaken, 8, "gone"))
		w.run()
		w.has("after events", "a1 b2 c1 d1 e1 f1")
		if w.HasOlder("a") || !w.HasOlder("b") || changes != 3 {
			t.Errorf("at the beginning, after %d changes, there are older items: %v", changes, w.HasOlder("a"))
		}
		asked := len(w.asked())
		w.ask("c", 1)
		w.ask("a", 2)
		w.run()
		if got := w.outcome[2:]; !slices.Equal(got, []string{"[b] true <nil>", "[] false <nil>"}) || len(w.asked()) != asked {
			t.Errorf("of what the page has, Older gave %q, and asked for %v", got, w.asked()[asked:])
		}
	})
}

// Whatever comes while the server is asked is in the items, once.
func TestOlderIsFoldedWithWhatComesMeanwhile(t *testing.T) {
	for name, c := range map[string]struct {
		answer carriedState // of b and c
		later  bool         // the last event comes after the answer
		want   string
	}{
		"an answer from before":    {steps(5, "b", "c"), false, "b3 c1 d1 e1 f1"},
		"an answer from between":   {counted(steps(6, "b", "c"), "b", 2), false, "b3 c1 d1 e1 f1"},
		"an answer from the end":   {counted(steps(8, "b", "c"), "b", 3), false, "b3 c1 d1 e1 f1"},
		"an answer that is ahead":  {counted(steps(8, "b", "c"), "b", 3), true, "b3 c1 d1 e1 f1"},
		"one in between and later": {counted(steps(6, "b", "c"), "b", 2), true, "b3 c1 d1 e1 f1"},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWalk(t, steps(5, "d", "e"))
			w.serve(map[string]carriedState{"/state?topic=trail.red&before=d&n=2": c.answer})
			w.mounted.held = make(chan struct{})
			w.ask("d", 2)
			w.run()
			last := []transport.Frame{stepOf(stepped, 7, "f"), stepOf(retaken, 8, "b")}
			w.conn.Send(stepOf(retaken, 6, "b"))
			if !c.later {
				w.conn.Send(last...)
			}
			w.run()
			w.got("while the answer is on its way")
			close(w.mounted.held)
			w.run()
			if c.later {
				w.conn.Send(last...)
				w.run()
			}
			w.got(name, "[b c] false <nil>")
			w.has(name, c.want)
		})
	}
}

// counted changes how often a step of an answer was taken.
func counted(c carriedState, name string, times int) carriedState {
	var t trail
	if err := json.Unmarshal(c.Value, &t); err != nil {
		panic(err)
	}
	t.Steps[name] = times
	c.Value, _ = json.Marshal(t)
	return c
}

func TestOlderOutrunByAResetIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWalk(t, steps(5, "d", "e"))
		w.serve(map[string]carriedState{
			"/state?topic=trail.red&before=d&n=2": steps(5, "b", "c"),
			readTrail + "&from=d":                 steps(40, "x", "y"),
		})
		w.mounted.held = make(chan struct{})
		w.ask("d", 2)
		w.run()
		w.conn.Send(sourcetest.Reset(id(30), wire.Purged), stepOf(stepped, 41, "z"))
		w.run()
		close(w.mounted.held)
		w.run()
		w.run()
		w.has("after the reset", "x1 y1 z1")
		if len(w.outcome) != 1 || !strings.Contains(w.outcome[0], errOutrun.Error()) {
			t.Errorf("Older gave %q", w.outcome)
		}
	})
}

// What the page has is read again after a reset, however wide it is.
func TestValueIsReadAsWideAsItIsAfterAReset(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWalk(t, steps(5, "d", "e"))
		w.serve(map[string]carriedState{
			"/state?topic=trail.red&before=d&n=2": steps(5, "b", "c"),
			readTrail + "&from=b":                 counted(steps(40, "b", "c", "d", "e", "f"), "c", 7),
		})
		w.ask("d", 2)
		w.run()
		w.conn.Send(sourcetest.Reset(id(30), wire.Purged))
		w.run()
		w.run()
		w.has("after the reset", "b1 c7 d1 e1 f1")
	})
}

func TestOlderReportsWhyThereAreNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWalk(t, steps(5, "d", "e"))
		w.ask("d", 2)
		w.run()
		if len(w.outcome) != 1 || !strings.HasPrefix(w.outcome[0], "[] true ") || strings.HasSuffix(w.outcome[0], "<nil>") {
			t.Errorf("of a server that fails, Older gave %q", w.outcome)
		}
		w.serve(map[string]carriedState{"/state?topic=trail.red&before=d&n=2": steps(5, "b", "c")})
		w.ask("d", 2)
		w.run()
		w.has("when it does not fail any more", "b1 c1 d1 e1")
	})
}

func TestOlderAsksOnceAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWalk(t, steps(5, "d", "e"))
		w.serve(map[string]carriedState{"/state?topic=trail.red&before=d&n=2": steps(5, "b", "c")})
		w.ask("d", 2)
		w.ask("d", 1)
		w.run()
		w.got("both", "[b c] false <nil>", "[c] true <nil>")
		if n := len(w.asked()); n != 1 {
			t.Errorf("the server was asked %d times", n)
		}
	})
}

func TestOlderOfAShortListIsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWalk(t, steps(5, "e"))
		w.ask("e", 2)
		w.run()
		w.got("of a list that is all there", "[] false <nil>")
		if w.HasOlder("e") || len(w.asked()) != 0 {
			t.Errorf("it has asked for %v", w.asked())
		}
	})
}

func TestOlderOfAnErasedListIsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWalk(t, steps(5, "d", "e"))
		erased := sourcetest.EventOn(state.Erased, event.Meta{ID: id(6), Topic: "trail.red", At: time.Unix(1e9, 0)}, state.Erasure{})
		w.serve(map[string]carriedState{"/state?topic=trail.red&before=d&n=2": steps(5, "b", "c")})
		w.mounted.held = make(chan struct{})
		w.ask("d", 2)
		w.run()
		w.conn.Send(erased, stepOf(stepped, 7, "x"))
		w.run()
		close(w.mounted.held)
		w.run()
		w.has("after an erasure", "x1")
		if w.HasOlder("x") {
			t.Error("there is something before the erasure")
		}
	})
}
