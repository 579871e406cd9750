// Package tabstest simulates the tabs of one browser, for tests that run in a
// bubble of testing/synctest: their locks, their channels, their hanging and
// crashing, with random delays and losses.
//
//	browser := &tabstest.Browser{Rand: rand.New(rand.NewPCG(1, 2))}
//	tab := browser.NewTab()
//	shared := tab.Share(server)
package tabstest

import (
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/seawaykit/seaway/app/internal/tabs"
	"github.com/seawaykit/seaway/app/transport"
)

// A Browser is what its tabs share. Messages of one tab arrive in order at
// another, after a random delay, and some are lost if Loses says so.
type Browser struct {
	Rand  *rand.Rand
	Loses float64 // the part of all messages that is lost

	mu     sync.Mutex
	rooms  map[string]*room
	posted int
}

// Posted returns how many messages the tabs have posted.
func (b *Browser) Posted() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.posted
}

// A room is a lock and a channel of one name.
type room struct {
	holder  *group
	queue   []*group
	members []*group
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
	groups  []*group
}

// NewTab opens one.
func (b *Browser) NewTab() *Tab { return &Tab{browser: b} }

// Share returns what a tab's sources have for a transport.
func (t *Tab) Share(inner transport.Transport) transport.Transport {
	return tabs.Share(throttled{t, inner}, tabs.Options{
		Within: 10 * time.Second, Random: t.browser.random,
		Enter: func(name string, received func(string)) (tabs.Group, error) {
			return t.browser.enter(t, name, received), nil
		},
	})
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
	return slices.ContainsFunc(t.groups, func(g *group) bool { return g.room.holder == g })
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
		g.Leave()
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
	inner transport.Transport
}

func (t throttled) Open(r transport.Request, emit func(...transport.Signal)) (release func(), err error) {
	return t.inner.Open(r, func(signals ...transport.Signal) { t.tab.happen(func() { emit(signals...) }) })
}

// A group is the group of one member.
type group struct {
	tab      *Tab
	received func(string)
	outcome  tabs.Outcome // of the present request
	room     *room
	left     bool
	last     map[*group]time.Time // when the last message of each arrives
}

func (b *Browser) enter(t *Tab, name string, received func(string)) *group {
	t.mu.Lock()
	defer t.mu.Unlock()
	b.mu.Lock()
	defer b.mu.Unlock()
	if t.dead {
		return &group{tab: t, room: &room{}, left: true}
	}
	if b.rooms == nil {
		b.rooms = map[string]*room{}
	}
	if b.rooms[name] == nil {
		b.rooms[name] = &room{}
	}
	g := &group{tab: t, received: received, room: b.rooms[name], last: map[*group]time.Time{}}
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

func (g *group) Post(text string) {
	b := g.tab.browser
	b.mu.Lock()
	defer b.mu.Unlock()
	if g.left {
		return
	}
	b.posted++
	for _, to := range g.room.members {
		if to == g || b.Rand.Float64() < b.Loses {
			continue
		}
		at := time.Now().Add(time.Duration(b.Rand.Int64N(int64(30 * time.Millisecond))))
		if last := to.last[g]; at.Before(last) {
			at = last.Add(1)
		}
		to.last[g] = at
		time.AfterFunc(time.Until(at), func() { to.tab.happen(func() { to.received(text) }) })
	}
}

func (g *group) Seek(steal bool, r tabs.Outcome) {
	b := g.tab.browser
	b.mu.Lock()
	defer b.mu.Unlock()
	g.letGo()
	if g.left {
		return
	}
	if g.tab.NoLocks {
		go r.Lost(false)
		return
	}
	g.outcome = r
	if !steal {
		g.room.queue = append(g.room.queue, g)
		g.room.next()
		return
	}
	if old := g.room.holder; old != nil {
		lost := old.outcome.Lost
		go old.tab.happen(func() { lost(true) })
	}
	g.room.holder = g
	g.granted()
}

func (g *group) Leave() {
	b := g.tab.browser
	b.mu.Lock()
	defer b.mu.Unlock()
	g.left = true
	g.letGo()
	g.room.members = slices.DeleteFunc(g.room.members, func(m *group) bool { return m == g })
}

// The browser's lock is held in what follows.

func (g *group) letGo() {
	g.room.queue = slices.DeleteFunc(g.room.queue, func(m *group) bool { return m == g })
	if g.room.holder == g {
		g.room.holder = nil
		g.room.next()
	}
}

func (r *room) next() {
	if r.holder == nil && len(r.queue) > 0 {
		r.holder, r.queue = r.queue[0], r.queue[1:]
		r.holder.granted()
	}
}

func (g *group) granted() {
	delay := time.Duration(g.tab.browser.Rand.Int64N(int64(5 * time.Millisecond)))
	granted := g.outcome.Granted
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
