package statetest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/state"
	"github.com/seawaykit/seaway/shared/state/statetest"
)

type list struct{ Items []item }

type item struct {
	ID   string
	Gone bool
}

// newest is a window that commutes with removing, since what is removed stays as a
// removed item.
func newest(l list) list {
	l.Items = l.Items[max(0, len(l.Items)-2):]
	return l
}

var (
	lists = state.Define("test.list", state.Window(newest))
	added = state.On(lists, "test.list.added", func(l *list, e event.Of[string]) {
		l.Items = append(l.Items, item{ID: e.Value})
	})
	removed = state.On(lists, "test.list.removed", func(l *list, e event.Of[string]) {
		for i := range l.Items {
			if l.Items[i].ID == e.Value {
				l.Items[i].Gone = true
			}
		}
	})
)

func TestCheckReturnsTheState(t *testing.T) {
	got := statetest.Check(t, lists,
		statetest.Event(added, "a"), statetest.Event(added, "b"), statetest.Event(removed, "a"), statetest.Event(added, "c"))
	if want := (list{[]item{{"a", true}, {"b", false}, {"c", false}}}); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// A verdict keeps what a test would have failed with.
type verdict struct {
	testing.TB
	failures []string
}

func (v *verdict) Helper()                   {}
func (v *verdict) Errorf(f string, a ...any) { v.failures = append(v.failures, fmt.Sprintf(f, a...)) }
func (v *verdict) Fatalf(f string, a ...any) { v.Errorf(f, a...); panic(v) }

// failing returns what Check fails with.
func failing[S any](t *testing.T, k state.Kind[S], history ...statetest.Entry) string {
	v := &verdict{TB: t}
	func() {
		defer func() {
			if r := recover(); r != nil && r != any(v) {
				panic(r)
			}
		}()
		statetest.Check(v, k, history...)
	}()
	return strings.Join(v.failures, "\n")
}

// Kinds that break the rules.
var (
	outside int // what a fold must not look at
	leaky   = state.Define[[]int]("test.leaky")
	leaked  = state.On(leaky, "test.leaked", func(s *[]int, e event.Of[int]) { outside++; *s = append(*s, outside) })

	unordered = state.Define[struct {
		Set   map[string]bool
		Order []string
	}]("test.unordered")
	ordered = state.On(unordered, "test.ordered", func(s *struct {
		Set   map[string]bool
		Order []string
	}, e event.Of[string]) {
		s.Set[e.Value] = true
		s.Order = nil
		for k := range s.Set {
			s.Order = append(s.Order, k)
		}
	})

	forgetful = state.Define[forgets]("test.forgetful")
	forgot    = state.On(forgetful, "test.forgot", func(f *forgets, e event.Of[int]) {
		if f.Last == nil { // nil and empty are one in its JSON
			f.N++
		}
		f.Last = []int{}
	})

	shallow = state.Define[shared]("test.shallow")
	wrote   = state.On(shallow, "test.wrote", func(s *shared, e event.Of[int]) { s.M[fmt.Sprint(e.Value)] = e.Value })

	dropping = state.Define("test.dropping", state.Window(func(s []string) []string { return s[max(0, len(s)-2):] }))
	gained   = state.On(dropping, "test.gained", func(s *[]string, e event.Of[string]) { *s = append(*s, e.Value) })
	dropped  = state.On(dropping, "test.dropped", func(s *[]string, e event.Of[string]) { *s = (*s)[:len(*s)-1] })
)

// A library is a state that is a list: its books by title.
type library struct {
	Order []string
	Books map[string]int
}

func (s *library) items() (*[]string, *map[string]int) { return &s.Order, &s.Books }

func (s *library) add(e event.Of[string]) {
	s.Order, s.Books[e.Value] = append(s.Order, e.Value), 0
}

// Kinds of libraries: one that keeps the rules, and those that break one.
var (
	libraries = state.Define("test.library", state.Newest(2, (*library).items))
	shelved   = state.On(libraries, "test.shelved", func(s *library, e event.Of[string]) {
		s.add(e)
		if len(s.Order) > 5 {
			delete(s.Books, s.Order[0])
			s.Order = s.Order[1:]
		}
	})
	lent = state.On(libraries, "test.lent", func(s *library, e event.Of[string]) {
		if n, ok := s.Books[e.Value]; ok {
			s.Books[e.Value] = n + 1
		}
	})

	cleared = state.Define("test.cleared", state.Newest(2, (*library).items))
	put     = state.On(cleared, "test.put", (*library).add)
	taken   = state.On(cleared, "test.taken", func(s *library, e event.Of[string]) {
		s.Order = slices.DeleteFunc(s.Order, func(title string) bool { return title == e.Value })
		delete(s.Books, e.Value)
	})

	sorted = state.Define("test.sorted", state.Newest(2, (*library).items))
	filed  = state.On(sorted, "test.filed", func(s *library, e event.Of[string]) {
		s.add(e)
		slices.Sort(s.Order)
	})

	counting = state.Define("test.counting", state.Newest(2, (*library).items))
	counted  = state.On(counting, "test.counted", func(s *library, e event.Of[string]) {
		s.add(e)
		for title := range s.Books { // of the others, too
			s.Books[title] = len(s.Books)
		}
	})

	careless = state.Define("test.careless", state.Newest(2, (*library).items))
	lost     = state.On(careless, "test.lost", func(s *library, e event.Of[string]) {
		s.Books[e.Value]++ // without a place in the order
		if s.Books[e.Value] == 1 && e.Value != "lost" {
			s.Order = append(s.Order, e.Value)
		}
	})
	borrowed = state.Define("test.borrowed", state.Newest(2, (*library).items))
	bought   = state.On(borrowed, "test.bought", (*library).add)
	revised  = state.On(borrowed, "test.revised", func(s *library, e event.Of[string]) {
		if at := slices.Index(s.Order, e.Value); at >= 0 && at < len(s.Order)-2 {
			s.Books[e.Value] = at // in the whole list
		}
	})
)

// history returns one event for each text.
func history(et event.Type[string], texts ...string) (all []statetest.Entry) {
	for _, text := range texts {
		all = append(all, statetest.Event(et, text))
	}
	return all
}

func TestCheckWalksBackThroughAList(t *testing.T) {
	all := append(history(shelved, "a", "b", "c", "d"), history(lent, "a", "d", "a", "lost")...)
	all = append(all, history(shelved, "e", "f", "g", "h")...)
	got := statetest.Check(t, libraries, append(all, history(lent, "a", "e", "h")...)...)
	if want := "{[d e f g h] map[d:1 e:1 f:0 g:0 h:1]}"; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

func TestCheckFindsListsThatCannotBeReadBackwards(t *testing.T) {
	for name, c := range map[string]struct{ got, says string }{
		"an item taken from the middle": {failing(t, cleared, append(history(put, "a", "b", "c", "d"), history(taken, "b")...)...), "leave"},
		"an item put into the middle":   {failing(t, sorted, history(filed, "b", "c", "d", "a")...), "end"},
		"an item that knows the others": {failing(t, counting, history(counted, "a", "b", "c", "d")...), "commute"},
		"an item in no order":           {failing(t, careless, history(lost, "a", "b", "c", "lost")...), "order"},
		"an item twice":                 {failing(t, borrowed, history(bought, "a", "b", "a")...), "order"},
		"an item that knows its place":  {failing(t, borrowed, append(history(bought, "a", "b", "c", "d", "e", "f"), history(revised, "c")...)...), "part of a list"},
	} {
		if !strings.Contains(c.got, c.says) {
			t.Errorf("%s: failed with %q, want %q in it", name, c.got, c.says)
		}
	}
}

type forgets struct {
	N    int
	Last []int `json:",omitempty"`
}

type shared struct{ M map[string]int }

func (s shared) Clone() shared { return s }

func TestCheckFindsFoldsThatBreakTheRules(t *testing.T) {
	for name, c := range map[string]struct{ got, says string }{
		"a variable outside":       {failing(t, leaky, statetest.Event(leaked, 1)), "folded again"},
		"the order of a map":       {failing(t, unordered, statetest.Event(ordered, "a"), statetest.Event(ordered, "b"), statetest.Event(ordered, "c"), statetest.Event(ordered, "d"), statetest.Event(ordered, "e"), statetest.Event(ordered, "f")), "folded again"},
		"what JSON does not hold":  {failing(t, forgetful, statetest.Event(forgot, 1), statetest.Event(forgot, 2)), "from a checkpoint"},
		"a clone that shares":      {failing(t, shallow, statetest.Event(wrote, 1)), "changes the state that it was made of"},
		"a window without removed": {failing(t, dropping, statetest.Event(gained, "a"), statetest.Event(gained, "b"), statetest.Event(gained, "c"), statetest.Event(dropped, "")), "do not commute"},
		"an event of another kind": {failing(t, leaky, statetest.Event(added, "a")), "folded false"},
	} {
		if !strings.Contains(c.got, c.says) {
			t.Errorf("%s: failed with %q, want %q in it", name, c.got, c.says)
		}
	}
}
