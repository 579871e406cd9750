package statetest

import (
	"slices"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/state"
)

// checkList checks what [state.Newest] asks for.
func (c *checker[S]) checkList() {
	c.t.Helper()
	if c.kind.Newest() == 0 {
		return
	}
	s := c.kind.New()
	for i, e := range c.events {
		before := slices.Clone(c.kind.Items(s))
		pages := c.pages(s, before, i)
		c.apply(&s, e)
		if !c.checkOrder(i, before, c.kind.Items(s)) || !c.checkWalk(i, s) {
			return
		}
		if e.Type() == state.Erased.Name() {
			continue
		}
		for _, p := range pages {
			if !c.checkPage(i, p, e, s) {
				return
			}
		}
	}
}

// checkOrder checks that an event has moved no item.
func (c *checker[S]) checkOrder(i int, before, after []string) bool {
	c.t.Helper()
	sorted := slices.Sorted(slices.Values(after))
	if len(slices.Compact(sorted)) < len(after) {
		c.t.Errorf("statetest: an item is in the order twice, after event %d, %s: %q", i, c.events[i].Type(), after)
		return false
	}
	for len(before) > 0 && !slices.Contains(after, before[0]) {
		before = before[1:] // it has left
	}
	if len(after) < len(before) || !slices.Equal(before, after[:len(before)]) {
		c.t.Errorf("statetest: new items must come at the end of the order, and items leave at its beginning only; after event %d, %s, it is %q", i, c.events[i].Type(), after)
		return false
	}
	return true
}

// checkWalk checks that the window and the pages before it are the whole list.
func (c *checker[S]) checkWalk(i int, s S) bool {
	c.t.Helper()
	whole, n := c.encode(&s), 1+i%3
	all := c.kind.Window(s)
	for keys, more := c.kind.Items(all), true; more && len(keys) > 0; keys = c.kind.Items(all) {
		var older S
		older, more = c.kind.Before(s, keys[0], n)
		all = c.kind.Join(older, all)
	}
	return !c.differ(i, "reading a list backwards changes it", c.encode(&s), whole) &&
		!c.differ(i, "the items of a list are not those of its order", c.encode(&all), whole)
}

// A pageOf is what a page has of a list, and the part before it that it is reading.
type pageOf[S any] struct{ now, older S }

// pages are some that an event may find.
func (c *checker[S]) pages(s S, keys []string, i int) (all []pageOf[S]) {
	for n := 1; n <= 3 && len(keys) > 0; n++ {
		now := c.copy(c.kind.From(s, keys[(i*n+n)%len(keys)]))
		older, _ := c.kind.Before(s, c.kind.Items(now)[0], n)
		all = append(all, pageOf[S]{now, c.copy(older)})
	}
	return all
}

func (c *checker[S]) copy(s S) S { return c.decode(c.encode(&s)) }

// checkPage checks that a page which folds an event has the same part of the list as
// the server, whose list s is.
func (c *checker[S]) checkPage(i int, p pageOf[S], e event.Event, s S) bool {
	c.t.Helper()
	first, oldest := c.kind.Items(p.now)[0], c.kind.Items(p.older)
	c.apply(&p.now, e)
	want := c.kind.From(s, first)
	if slices.Contains(c.kind.Items(s), first) &&
		c.differ(i, "a part of a list is folded to something else than that part of the folded list", c.encode(&p.now), c.encode(&want)) {
		return false
	}
	if len(oldest) == 0 || !slices.Contains(c.kind.Items(s), oldest[0]) {
		return true
	}
	c.apply(&p.older, e)
	got, want := c.kind.Join(p.older, p.now), c.kind.From(s, oldest[0])
	return !c.differ(i, "a part of a list is folded to something else than that part of the folded list", c.encode(&got), c.encode(&want))
}
