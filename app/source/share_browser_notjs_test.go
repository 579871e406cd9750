//go:build !js

package source

import (
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// A Browser is a simulated one: what its tabs share, with random delays. Words
// of one tab arrive in order at another, and are lost if it says so.
type Browser struct {
	Rand  *rand.Rand
	Loses float64 // the part of all words that is lost

	mu    sync.Mutex
	rooms map[string]*simRoom
}

// A simRoom is a lock and a channel of one name.
type simRoom struct {
	holder  *simGroup
	queue   []*simGroup
	members []*simGroup
}

// A Tab is one tab of a browser. Nothing reaches it while it hangs, and nothing
// comes from it after a crash.
type Tab struct {
	// NoLocks makes the browser refuse its locks.
	NoLocks bool

	browser *Browser
	mu      sync.Mutex
	hangs   bool
	dead    bool
	backlog []func()
	groups  []*simGroup
}

// NewTab opens one.
func (b *Browser) NewTab() *Tab { return &Tab{browser: b} }

// Share returns what a tab's sources have for a transport.
func (t *Tab) Share(inner Transport) Transport {
	inner = throttled{t, inner}
	return &shared{
		inner: inner, catchUp: inner, within: 10 * time.Second, random: t.browser.random,
		enter: func(name string, heard func(string)) (group, error) { return t.browser.enter(t, name, heard), nil },
	}
}

// Source returns a source of the tab that shares whatever connection it has.
func (t *Tab) Source(opts Options) *Source {
	s := New(opts)
	s.transport = t.Share(s.transport)
	return s
}

func (b *Browser) random() float64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Rand.Float64()
}

// Leads reports whether the tab has the lock of some group.
func (t *Tab) Leads() bool {
	t.browser.mu.Lock()
	defer t.browser.mu.Unlock()
	return slices.ContainsFunc(t.groups, func(g *simGroup) bool { return g.room.holder == g })
}

// Hang keeps back what happens to the tab, until Wake.
func (t *Tab) Hang() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.hangs = true
}

// Wake lets it all happen.
func (t *Tab) Wake() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.hangs = false
	for _, do := range t.backlog {
		do()
	}
	t.backlog = nil
}

// Crash ends the tab without a word; the browser gives its locks to others.
func (t *Tab) Crash() {
	t.mu.Lock()
	t.dead = true
	t.mu.Unlock()
	t.browser.mu.Lock()
	groups := slices.Clone(t.groups) // a dead tab enters no more
	t.browser.mu.Unlock()
	for _, g := range groups {
		g.leave()
	}
}

// happen does something now or when the tab wakes.
func (t *Tab) happen(do func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.dead:
	case t.hangs:
		t.backlog = append(t.backlog, do)
	default:
		do()
	}
}

// throttled is the Transport of a tab that may hang.
type throttled struct {
	tab   *Tab
	inner Transport
}

func (t throttled) Open(r Request, emit func(...Signal)) (release func(), err error) {
	return t.inner.Open(r, func(signals ...Signal) { t.tab.happen(func() { emit(signals...) }) })
}

// A simGroup is the group of one member.
type simGroup struct {
	tab     *Tab
	heard   func(string)
	outcome outcome // of the present request
	room    *simRoom
	left    bool
	M       *member
	last    map[*simGroup]time.Time // when the last word of each arrives
}

func (b *Browser) enter(t *Tab, name string, heard func(string)) *simGroup {
	t.mu.Lock()
	defer t.mu.Unlock()
	b.mu.Lock()
	defer b.mu.Unlock()
	if t.dead {
		return &simGroup{tab: t, room: &simRoom{}, left: true}
	}
	if b.rooms == nil {
		b.rooms = map[string]*simRoom{}
	}
	if b.rooms[name] == nil {
		b.rooms[name] = &simRoom{}
	}
	g := &simGroup{tab: t, heard: heard, room: b.rooms[name], last: map[*simGroup]time.Time{}}
	g.room.members = append(g.room.members, g)
	t.groups = append(t.groups, g)
	return g
}

// Behave makes the browser lose nothing from now on.
func (b *Browser) Behave() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.Loses = 0
}

func (g *simGroup) say(text string) {
	b := g.tab.browser
	b.mu.Lock()
	defer b.mu.Unlock()
	if g.left {
		return
	}
	for _, to := range g.room.members {
		if to == g || b.Rand.Float64() < b.Loses {
			continue
		}
		at := time.Now().Add(time.Duration(b.Rand.Int64N(int64(30 * time.Millisecond))))
		if last := to.last[g]; at.Before(last) {
			at = last.Add(1)
		}
		to.last[g] = at
		time.AfterFunc(time.Until(at), func() { to.tab.happen(func() { to.heard(text) }) })
	}
}

func (g *simGroup) seek(steal bool, r outcome) {
	b := g.tab.browser
	b.mu.Lock()
	defer b.mu.Unlock()
	g.letGo()
	if g.left {
		return
	}
	if g.tab.NoLocks {
		go r.lost(false)
		return
	}
	g.outcome = r
	if !steal {
		g.room.queue = append(g.room.queue, g)
		g.room.next()
		return
	}
	if old := g.room.holder; old != nil {
		lost := old.outcome.lost
		go old.tab.happen(func() { lost(true) })
	}
	g.room.holder = g
	g.granted()
}

func (g *simGroup) leave() {
	b := g.tab.browser
	b.mu.Lock()
	defer b.mu.Unlock()
	g.left = true
	g.letGo()
	g.room.members = slices.DeleteFunc(g.room.members, func(m *simGroup) bool { return m == g })
}

// The browser's lock is held in what follows.

func (g *simGroup) letGo() {
	g.room.queue = slices.DeleteFunc(g.room.queue, func(m *simGroup) bool { return m == g })
	if g.room.holder == g {
		g.room.holder = nil
		g.room.next()
	}
}

func (r *simRoom) next() {
	if r.holder == nil && len(r.queue) > 0 {
		r.holder, r.queue = r.queue[0], r.queue[1:]
		r.holder.granted()
	}
}

func (g *simGroup) granted() {
	delay := time.Duration(g.tab.browser.Rand.Int64N(int64(5 * time.Millisecond)))
	granted := g.outcome.granted
	time.AfterFunc(delay, func() {
		g.tab.happen(func() {
			g.tab.browser.mu.Lock()
			defer g.tab.browser.mu.Unlock()
			if g.room.holder == g { // else what it says comes after it was lost
				granted()
			}
		})
	})
}
