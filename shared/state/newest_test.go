package state_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/seawaykit/seaway/shared/state"
)

// A diary is a state that is a list: its days by date, and the dates in order.
type diary struct {
	Order []string
	Days  map[string]int
	Title string
}

func (d *diary) items() (*[]string, *map[string]int) { return &d.Order, &d.Days }

func diaryOf(keys ...string) diary {
	d := diary{Order: keys, Days: map[string]int{}, Title: "mine"}
	for i, key := range keys {
		d.Days[key] = i
	}
	return d
}

func holds(t *testing.T, what string, d diary, want ...string) {
	t.Helper()
	slices.Sort(want)
	if got := slices.Sorted(maps.Keys(d.Days)); !slices.Equal(d.Order, want) || !slices.Equal(got, want) || d.Title != "mine" {
		t.Errorf("%s: %q in the order %q, titled %q, want %q", what, got, d.Order, d.Title, want)
	}
}

func TestNewestIsTheWindowOfAList(t *testing.T) {
	kind := state.Define(fresh(), state.Newest(2, (*diary).items))
	all := diaryOf("a", "b", "c", "d", "e")
	holds(t, "the window", kind.Window(all), "d", "e")
	holds(t, "the window of few", kind.Window(diaryOf("a")), "a")
	holds(t, "all that are at least as new", kind.From(all, "b"), "b", "c", "d", "e")
	holds(t, "the least of them", kind.From(all, "e"), "d", "e")
	holds(t, "from one that has left", kind.From(all, "0"), "d", "e")
	if !kind.Windowed() || kind.Newest() != 2 || !slices.Equal(kind.Items(all), all.Order) {
		t.Errorf("a kind of the newest %d, with the items %q", kind.Newest(), kind.Items(all))
	}
	holds(t, "the state afterwards", all, "a", "b", "c", "d", "e")
}

func TestNewestGivesTheItemsBeforeAKey(t *testing.T) {
	kind := state.Define(fresh(), state.Newest(2, (*diary).items))
	all := diaryOf("a", "b", "c", "d", "e")
	for _, c := range []struct {
		before string
		n      int
		want   []string
		more   bool
	}{
		{"d", 2, []string{"b", "c"}, true},
		{"b", 2, []string{"a"}, false},
		{"c", 2, []string{"a", "b"}, false},
		{"a", 2, nil, false},
		{"gone", 2, nil, false}, // and so are those before it
	} {
		older, more := kind.Before(all, c.before, c.n)
		holds(t, "before "+c.before, older, c.want...)
		if more != c.more {
			t.Errorf("before %s there are more: %v", c.before, more)
		}
	}
}

// Items that both have are taken from the newer part.
func TestNewestJoinsParts(t *testing.T) {
	kind := state.Define(fresh(), state.Newest(2, (*diary).items))
	older, newer := diaryOf("a", "b", "c"), diaryOf("c", "d")
	older.Title = "another"
	joined := kind.Join(older, newer)
	holds(t, "both", joined, "a", "b", "c", "d")
	if joined.Days["c"] != newer.Days["c"] {
		t.Errorf("c is %d", joined.Days["c"])
	}
	holds(t, "the newer part afterwards", newer, "c", "d")
}

func TestNewestDerivesWhatIsMadeOfTheItems(t *testing.T) {
	count := func(d *diary) { d.Title = fmt.Sprint(len(d.Days)) }
	kind := state.Define(fresh(), state.Newest(2, (*diary).items, count))
	all := diaryOf("a", "b", "c", "d")
	older, _ := kind.Before(all, "c", 1)
	window := kind.Window(all)
	if joined := kind.Join(older, window); older.Title != "1" || window.Title != "2" || joined.Title != "3" || all.Title != "mine" {
		t.Errorf("of %s and %s items it makes %s; the state has %q", older.Title, window.Title, joined.Title, all.Title)
	}
}

func TestNewestOfAKindWithoutIt(t *testing.T) {
	kind := state.Define[[]int](fresh())
	if older, more := kind.Before([]int{1}, "1", 1); kind.Newest() != 0 || older != nil || more || len(kind.From([]int{1}, "1")) != 1 || kind.Items([]int{1}) != nil {
		t.Errorf("a kind without a list is paged: %v, %v", older, more)
	}
}
