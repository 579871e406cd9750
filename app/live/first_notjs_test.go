//go:build !js

package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
	"github.com/seawaykit/seaway/shared/event"
)

// A fakeHost has the events of one topic.
type fakeHost struct {
	version string
	events  []event.Event
	silent  atomic.Bool // the log does not answer
	asked   atomic.Int64
	states  map[string]carriedState // by topic
}

func (h *fakeHost) State(_ context.Context, topic string) ([]byte, string, event.ID, error) {
	c, ok := h.states[topic]
	if !ok {
		return nil, "", event.ID{}, errors.New("there is no such state")
	}
	return c.Value, c.Type, c.Position, nil
}

func (h *fakeHost) Sees(context.Context, string) error { return nil }

// Unchanged knows only that nothing has come: its events are set once.
func (h *fakeHost) Unchanged(_ context.Context, since event.ID, _ ...string) (bool, error) {
	return len(h.events) > 0 && since == h.events[len(h.events)-1].ID(), nil
}

func (h *fakeHost) URL(path string) string { return path }
func (h *fakeHost) Root() string           { return "/" }
func (h *fakeHost) Version() string        { return h.version }
func (h *fakeHost) WasmSize() int64        { return 7 }

func (h *fakeHost) Snapshot(ctx context.Context, topics []string, last int) ([]event.Event, event.ID, error) {
	h.asked.Add(1)
	if h.silent.Load() {
		<-ctx.Done()
		return nil, event.ID{}, ctx.Err()
	}
	if len(h.events) == 0 {
		return nil, event.ID{}, errors.New("there is no log")
	}
	return h.events[max(0, len(h.events)-last):], h.events[len(h.events)-1].ID(), nil
}

// aHost has the notes a, b and c.
func aHost(t *testing.T) *fakeHost {
	t.Helper()
	h := &fakeHost{version: "v1"}
	for i, text := range []string{"a", "b", "</script>"} {
		d, err := written.Draft("notes", note{text})
		if err != nil {
			t.Fatal(err)
		}
		e, err := event.New(id(uint64(i+1)), d, time.Unix(1e9, 0))
		if err != nil {
			t.Fatal(err)
		}
		h.events = append(h.events, e)
	}
	return h
}

// with makes the test's goroutine draw a page of a host.
func with(t *testing.T, h Host) {
	t.Helper()
	g := goroutine()
	drawings.Store(g, &drawing{pages: &pages{loader: &loader{host: h}}})
	t.Cleanup(func() { drawings.Delete(g) })
}

// carriedBy returns what a page's HTML carries.
func carriedBy(t *testing.T, p *Page) (f first) {
	t.Helper()
	drawn := app.HTMLString(p.Carry())
	text, found := strings.CutPrefix(drawn, `<script type="application/json" id="`+firstID+`">`)
	text, closed := strings.CutSuffix(text, "</script>")
	if !found || !closed || strings.Contains(text, "<") {
		t.Fatalf("it carries %s", drawn)
	}
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestPageIsDrawnFromTheSameEventsInBothHalves(t *testing.T) {
	with(t, aHost(t))
	server := newMounted(Options{Last: 2})
	server.Init()
	if !slices.Equal(server.shown, []string{"b", "</script>"}) {
		t.Errorf("the server draws %q", server.shown)
	}
	f := carriedBy(t, server.Page)
	browser := newMounted(Options{})
	if !browser.apply(f) || !slices.Equal(browser.shown, server.shown) || f.Position != id(3) {
		t.Errorf("the browser draws %q and goes on after %s", browser.shown, f.Position)
	}
	if e := f.Events[0]; e.Topic != "notes" || !e.At.Equal(time.Unix(1e9, 0)) || len(e.Older) != 1 || e.Older[0].Type != "note.written" {
		t.Errorf("an event is carried as %+v", e)
	}
}

// A busyHost has another position at each call, and events of two topics.
type busyHost struct {
	fakeHost
	calls map[string]int // by topic: how many events were asked for
}

func (h *busyHost) Snapshot(_ context.Context, topics []string, last int) (all []event.Event, at event.ID, err error) {
	h.calls[topics[0]] = last
	for seq := uint64(1); seq <= uint64(6+len(h.calls)); seq++ {
		if topics[0] == []string{"others", "notes"}[seq%2] {
			d, err := written.Draft(topics[0], note{fmt.Sprint(seq)})
			if err != nil {
				return nil, at, err
			}
			e, err := event.New(id(seq), d, time.Unix(1e9, 0))
			if err != nil {
				return nil, at, err
			}
			all = append(all, e)
		}
		at = id(seq)
	}
	return all[max(0, len(all)-last):], at, nil
}

// What a page's HTML carries of several topics is complete up to one position, and what
// it does not carry is not asked for.
func TestPageCarriesOfEachTopicWhatItNeeds(t *testing.T) {
	h := &busyHost{calls: map[string]int{}}
	with(t, h)
	r := newMounted(Options{Carry: map[string]int{"notes": 3, "others": 2, "unfollowed": 9}})
	r.opts.Topics = []string{"notes", "others", "third"}
	r.Init()
	if want := map[string]int{"notes": 3, "others": 2}; !maps.Equal(h.calls, want) {
		t.Errorf("the log was asked for %v, want %v", h.calls, want)
	}
	if want := []string{"3", "5", "6", "7"}; !slices.Equal(r.shown, want) || r.position != id(7) {
		t.Errorf("it shows %q up to %v, want %q", r.shown, r.position, want)
	}
	if f := carriedBy(t, r.Page); !slices.Equal(f.Topics, []string{"notes", "others"}) || !slices.Equal(r.missing, []string{"third"}) {
		t.Errorf("it carries %q, and lacks %q", f.Topics, r.missing)
	}
	if topics := r.resumed(); !slices.Equal(topics, []string{"notes", "others"}) {
		t.Errorf("its stream resumes %q", topics)
	}
}

func TestPageIsCompleteWithoutALog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := aHost(t)
		with(t, h)
		drawIn := func(want time.Duration, shown int) {
			t.Helper()
			begin := time.Now()
			r := newMounted(Options{})
			r.Init()
			if took := time.Since(begin); took != want || len(r.shown) != shown {
				t.Errorf("it took %v and shows %q, want %v and %d", took, r.shown, want, shown)
			}
			if f := carriedBy(t, r.Page); (shown == 0) != f.Position.IsZero() {
				t.Errorf("it carries %+v", f)
			}
		}
		drawIn(0, 3)
		h.silent.Store(true)
		drawIn(loadTime, 0)
		drawIn(0, 0) // others do not wait as well
		if got := h.asked.Load(); got != 2 {
			t.Errorf("the log was asked %d times, want 2", got)
		}
		time.Sleep(backoffTime)
		h.silent.Store(false)
		drawIn(0, 3)
	})
}

func TestPageWithoutAHostIsEmpty(t *testing.T) {
	r := newMounted(Options{})
	r.Init()
	with(t, &fakeHost{})
	r.Init()
	if len(r.shown) > 0 || !r.position.IsZero() {
		t.Errorf("it shows %q and goes on after %s", r.shown, r.position)
	}
	if got := app.HTMLString(r.Carry()); got != app.HTMLString(goapp.Carry(firstID, nil)) {
		t.Errorf("it carries %s", got)
	}
}
