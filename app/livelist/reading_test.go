package livelist_test

import (
	"fmt"
	"testing"

	"github.com/seawaykit/seaway/app/livelist"
)

// A scene is a list with the steps and checks of tests.
type scene struct {
	*livelist.List[item]
	t *testing.T
}

func newScene(t *testing.T, keys ...string) scene {
	s := scene{newList(0), t}
	s.arrive(keys...)
	return s
}

func (s scene) arrive(keys ...string) {
	for _, key := range keys {
		s.Upsert(item{key, 0, key})
	}
}

// expect checks what the list shows and counts.
func (s scene) expect(when, shown string, unread, held int, divider string) {
	s.t.Helper()
	got := fmt.Sprint(texts(s.List), s.Unread(), s.Held(), s.Divider())
	if want := fmt.Sprint(shown, unread, held, divider); got != want {
		s.t.Errorf("%s: shown, unread, held and divider are %q, want %q", when, got, want)
	}
}

func TestUnreadCountsArrivalsAwayFromTheEnd(t *testing.T) {
	s := newScene(t, "a", "b")
	s.expect("at first", "a b", 0, 0, "")
	s.SetAtEnd(false)
	s.arrive("c", "d", "a")
	s.expect("away", "a b c d", 2, 0, "c")
	s.SetAtEnd(true)
	s.expect("back", "a b c d", 0, 0, "c")
	s.SetAtEnd(false)
	s.expect("looking for the divider", "a b c d", 0, 0, "c")
	s.SetAtEnd(true)
	s.expect("back a second time", "a b c d", 0, 0, "")
}

func TestDividerMovesOnWhenItsItemIsRemoved(t *testing.T) {
	s := newScene(t, "a")
	s.SetAtEnd(false)
	s.arrive("b", "c")
	s.Remove("b")
	s.expect("b is gone", "a c", 1, 0, "c")
	s.Remove("c")
	s.expect("nothing is unread", "a", 0, 0, "")
}

func TestUnreadItemsThatLeaveTheListCount(t *testing.T) {
	s := scene{livelist.New(opts{Key: keyOf, Limit: 50}), t}
	s.SetAtEnd(false)
	for i := range 500 {
		s.arrive(fmt.Sprint(i))
	}
	if s.Unread() != 500 || s.Len() >= 100 || s.Divider() == "" {
		t.Errorf("%d of %d are unread, the divider is %q", s.Unread(), s.Len(), s.Divider())
	}
	if _, held := s.Get(s.Divider()); !held {
		t.Errorf("the divider is before %s, which is not there", s.Divider())
	}
}

// After a reset the retained events come once more.
func TestUnreadStateSurvivesAClear(t *testing.T) {
	s := newScene(t, "a", "b")
	s.SetAtEnd(false)
	s.arrive("c")
	arrivals := s.Arrivals().Count
	s.Clear()
	s.arrive("b", "c")
	s.expect("again", "b c", 1, 0, "c")
	if n := s.Arrivals().Count; n != arrivals {
		t.Errorf("%d items came again as news", n-arrivals)
	}
	s.arrive("d")
	s.expect("new", "b c d", 2, 0, "c")
}

func TestAttendingBetweenAClearAndWhatComesAgainReadsIt(t *testing.T) {
	s := newScene(t)
	s.SetAtEnd(false)
	s.arrive("a")
	s.Clear()
	s.SetAtEnd(true)
	s.SetAtEnd(false)
	s.arrive("a", "b")
	s.expect("again", "a b", 1, 0, "b")
}

func TestOwnItemIsNeverUnread(t *testing.T) {
	s := scene{livelist.New(opts{Key: keyOf, Own: written}), t}
	s.SetAtEnd(false)
	s.Upsert(item{"from another tab", 0, "own"})
	s.SetPending(mine("mine"))
	s.arrive("mine")
	s.expect("own", "own mine", 0, 0, "")
	if n := s.Arrivals().Count; n != 0 {
		t.Errorf("%d of the reader's own are news", n)
	}
}

func TestPauseHoldsBackAndLosesNothing(t *testing.T) {
	s := newScene(t, "a", "b", "c")
	s.Pause()
	s.arrive("d", "e")
	s.Upsert(item{"b", 0, "b2"})
	s.Remove("c")
	s.Remove("e")
	s.expect("paused", "a b c", 0, 1, "")
	s.Resume()
	s.expect("resumed", "a b2 d", 0, 0, "d")
	if n := s.Arrivals(); n.Count != 4 || n.Last.key != "e" {
		t.Errorf("the news are %v", n)
	}
}

func TestPauseMakesHeldItemsUnreadAwayFromTheEnd(t *testing.T) {
	s := newScene(t, "a")
	s.SetAtEnd(false)
	s.arrive("b")
	s.Pause()
	s.arrive("c")
	s.expect("paused", "a b", 1, 1, "b")
	s.Resume()
	s.expect("resumed", "a b c", 2, 0, "b")
}

func TestPauseIsBoundedLikeTheList(t *testing.T) {
	s := scene{livelist.New(opts{Key: keyOf, Limit: 50}), t}
	s.arrive("a")
	s.Pause()
	for i := range 10_000 {
		s.arrive(fmt.Sprint(i))
	}
	s.expect("paused", "a", 0, 10_000, "")
	s.Resume()
	if n := s.Len(); n < 50 || n >= 100 {
		t.Errorf("%d items are there", n)
	}
}

func TestPauseHoldsBackAClear(t *testing.T) {
	s := newScene(t, "a", "b")
	s.Pause()
	s.arrive("c")
	s.Clear()
	s.expect("cleared", "a b", 0, 0, "")
	s.arrive("b", "c", "d")
	s.expect("again", "a b", 0, 2, "")
	s.Resume()
	s.expect("resumed", "b c d", 0, 0, "c")
}
