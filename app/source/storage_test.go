package source_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// reload leaves a page at event 3 and loads it again, with what the tab has kept.
func reload(t *testing.T, storage source.Storage, before, after source.Options) (asked string) {
	t.Helper()
	before.Storage, after.Storage = storage, storage
	inBubble(t, before, func(t *testing.T, p *page) {
		p.live(wire.Live, at(0)).Send(notes(1, 3)...)
		p.expectPosition(t, at(3))
	})
	inBubble(t, after, func(t *testing.T, p *page) {
		asked = query(t, p.server.Next()).Get("after")
	})
	return asked
}

// What the page showed before is gone, and the snapshot says from where the
// rest must come: a position from before would leave out what lies between.
func TestReloadBeginsFromTheSnapshot(t *testing.T) {
	storage := &sourcetest.Storage{}
	if got := reload(t, storage, source.Options{}, source.Options{After: at(1)}); got != at(1).String() {
		t.Errorf("asks for what is after %q, want %v", got, at(1))
	}
	if got := reload(t, storage, source.Options{}, source.Options{}); got != "" {
		t.Errorf("without a snapshot it asks for what is after %q", got)
	}
	if kept := storage.Texts(); len(kept) != 0 {
		t.Errorf("the tab keeps %q", kept)
	}
	// Nor does it believe what a page that kept its state has left behind.
	if got := reload(t, storage, source.Options{UnsafeResumeAfterReload: true}, source.Options{After: at(1)}); got != at(1).String() {
		t.Errorf("asks for what is after %q, want %v", got, at(1))
	}
}

func TestPageThatKeepsItsStateContinuesFromThere(t *testing.T) {
	keeps := source.Options{URL: "/live", Topics: []string{"a", "b"}, User: "ann", UnsafeResumeAfterReload: true}
	for _, c := range []struct {
		name   string
		change func(*source.Options)
		want   event.ID
	}{
		{"it goes on", func(*source.Options) {}, at(3)},
		{"it knows better than a snapshot", func(o *source.Options) { o.After = at(9) }, at(3)},
		{"the order of topics does not matter", func(o *source.Options) { o.Topics = []string{"b", "a"} }, at(3)},
		{"another URL has another position", func(o *source.Options) { o.URL = "/other" }, event.ID{}},
		{"other topics have", func(o *source.Options) { o.Topics = []string{"a"} }, event.ID{}},
		{"another user has", func(o *source.Options) { o.User = "bob" }, event.ID{}},
		{"where there is none the snapshot counts", func(o *source.Options) { o.User, o.After = "bob", at(9) }, at(9)},
	} {
		t.Run(c.name, func(t *testing.T) {
			after := keeps
			c.change(&after)
			if got := reload(t, &sourcetest.Storage{}, keeps, after); got != c.want.String() {
				t.Errorf("asks for what is after %q, want %v", got, c.want)
			}
		})
	}
}

// The key holds the schema: a page with other types has decoded other things.
func TestPositionIsOfOneSchema(t *testing.T) {
	storage := &sourcetest.Storage{}
	keeps := source.Options{UnsafeResumeAfterReload: true}
	reload(t, storage, keeps, keeps)
	for key := range storage.Texts() {
		if !strings.Contains(key, event.Fingerprint()) {
			t.Errorf("the key is %q", key)
		}
	}
}

// The page stores what it knows in OnBatch. A position ahead of that would lose
// what is between.
func TestPositionIsStoredAfterTheBatch(t *testing.T) {
	storage := &sourcetest.Storage{}
	stored := func() (value string) {
		for _, v := range storage.Texts() {
			value = v
		}
		return value
	}
	opts := source.Options{UnsafeResumeAfterReload: true, Storage: storage, Pace: time.Second}
	inBubble(t, opts, func(t *testing.T, p *page) {
		conn := p.live(wire.Live, at(0))
		conn.Send(notes(1, 1)...)
		synctest.Wait()
		p.onBatch = func() {
			if got := stored(); got != at(1).String() {
				t.Errorf("in the second batch %q is stored, want %v", got, at(1))
			}
		}
		conn.Send(notes(2, 2)...)
		synctest.Wait()
		if got := stored(); got != at(1).String() {
			t.Errorf("before the second batch %q is stored, want %v", got, at(1))
		}
		p.read()
		p.browser.PageEvent(source.PageHide) // the last chance to store anything
		p.expect(t, "batch", "stale")
		if got := stored(); got != at(2).String() {
			t.Errorf("after it %q is stored, want %v", got, at(2))
		}
	})
}

func TestStoredPositionThatIsNone(t *testing.T) {
	storage := &sourcetest.Storage{}
	keeps := source.Options{UnsafeResumeAfterReload: true}
	reload(t, storage, keeps, keeps)
	for key := range storage.Texts() {
		storage.Set(key, "nonsense")
	}
	keeps.After, keeps.Storage = at(9), storage
	inBubble(t, keeps, func(t *testing.T, p *page) {
		if got := query(t, p.server.Next()).Get("after"); got != at(9).String() {
			t.Errorf("asks for what is after %q, want %v", got, at(9))
		}
	})
}

func TestPositionIsStoredWhileAllTopicsOfTheOptionsAreFollowed(t *testing.T) {
	storage := &sourcetest.Storage{}
	opts := source.Options{Topics: []string{"a", "b"}, UnsafeResumeAfterReload: true, Storage: storage}
	inBubble(t, opts, func(t *testing.T, p *page) {
		stored := func(what string, want event.ID) {
			t.Helper()
			synctest.Wait()
			for _, text := range storage.Texts() {
				if text != want.String() {
					t.Errorf("%s: stored is %s, want %v", what, text, want)
				}
			}
		}
		conn := p.live(wire.Live, at(10))
		conn.Send(on("a", 11))
		stored("at first", at(11))
		mustUnfollow(t, p, "b")
		conn.Send(on("a", 12))
		stored("without one", at(11))
		mustFollow(t, p, "b", "c")
		conn = p.server.Next()
		conn.Send(sourcetest.Hello(wire.Resumed, at(12)), on("c", 13))
		stored("with one more", at(13))
	})
}
