package state

import (
	"maps"
	"slices"
)

// Newest lets pages follow the newest n items of a state that is a list, and read
// older ones when their user asks for them: see Value.Older of package app/live. items
// returns where a state has its items, by key, and the keys in order, the oldest first:
//
//	var Rooms = state.Define("room", state.Newest(50, func(r *Room) (*[]string, *map[string]Message) {
//		return &r.Order, &r.Messages
//	}))
//
// It is a [Window] that a page widens. The other fields of the state are part of each
// window, as they are; derived functions set those that are made of the items, such as
// their number. A page keeps the items that have come since it was loaded, as far as the folds
// keep them.
//
// New items come at the end of the order, and items leave at its beginning only: then
// those before one that has left have left as well. An item that is removed stays in its
// place as a removed one until it is pushed out. What an event does to one item must not
// depend on which others there are. Package statetest checks that.
func Newest[S, I any](n int, items func(s *S) (order *[]string, items *map[string]I), derived ...func(s *S)) Option[S] {
	if n < 1 {
		panic("state: a window of the newest items has at least one")
	}
	l := &listing[S]{newest: n}
	l.order = func(s *S) []string {
		order, _ := items(s)
		return *order
	}
	l.part = func(s S, keys []string) S {
		order, all := items(&s)
		some := make(map[string]I, len(keys)+1)
		for _, key := range keys {
			some[key] = (*all)[key]
		}
		*order, *all = slices.Clip(keys), some
		return derive(s, derived)
	}
	l.join = func(older, newer S) S {
		before, oldItems := items(&older)
		order, all := items(&newer)
		joined := maps.Clone(*all)
		first := slices.Clone(*before)
		first = slices.DeleteFunc(first, func(key string) bool {
			_, both := joined[key]
			return both
		})
		for _, key := range first {
			joined[key] = (*oldItems)[key]
		}
		*order, *all = append(first, *order...), joined
		return derive(newer, derived)
	}
	return func(d *definition[S]) {
		d.list = l
		d.window = func(s S) S { return l.last(s, n) }
	}
}

func derive[S any](s S, derived []func(s *S)) S {
	for _, fn := range derived {
		fn(&s)
	}
	return s
}

// A listing finds the items of a state, whatever their type is.
type listing[S any] struct {
	newest int
	order  func(s *S) []string
	part   func(s S, keys []string) S // with these items only
	join   func(older, newer S) S
}

// last returns the part of s with the newest n items.
func (l *listing[S]) last(s S, n int) S {
	keys := l.order(&s)
	if len(keys) <= n {
		return s
	}
	return l.part(s, keys[len(keys)-n:])
}

// Newest returns how many items a page of the kind begins with, 0 for a kind without
// [Newest].
func (k Kind[S]) Newest() int {
	if k.def == nil || k.def.list == nil {
		return 0
	}
	return k.def.list.newest
}

// Items returns the keys of a state's items, the oldest first: none for a kind without
// [Newest]. The caller must not change them.
func (k Kind[S]) Items(s S) []string {
	if k.Newest() == 0 {
		return nil
	}
	return k.def.list.order(&s)
}

// Before returns the part of a state with the n items before the one with a key, and
// whether there are items before those. There are none before an item that the state
// does not have, since it has left the list.
func (k Kind[S]) Before(s S, key string, n int) (older S, more bool) {
	if k.Newest() == 0 {
		return older, false
	}
	keys := k.Items(s)
	end := max(0, slices.Index(keys, key))
	begin := max(0, end-n)
	return k.def.list.part(s, keys[begin:end]), begin > 0
}

// From returns the window of a state, widened so that it begins no later than with the
// item that has the key, if the state has it.
func (k Kind[S]) From(s S, key string) S {
	if k.Newest() == 0 {
		return k.Window(s)
	}
	keys := k.Items(s)
	at := slices.Index(keys, key)
	if at < 0 {
		at = len(keys)
	}
	return k.def.list.last(s, max(k.Newest(), len(keys)-at))
}

// Join returns newer with the items of older before its own. Items that both have are
// those of newer. The parts stay as they are.
func (k Kind[S]) Join(older, newer S) S {
	if k.Newest() == 0 {
		return newer
	}
	return k.def.list.join(older, newer)
}
