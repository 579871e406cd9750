//go:build !js

package livelist_test

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seawaykit/seaway/app/livelist"
)

// A row is an item of the model, with its unread state.
type row struct {
	item
	unread, held bool
}

// A model implements a list in the simplest way: plain slices that are searched
// from one end to the other.
type model struct {
	opts     opts
	rows     []row
	frozen   []item                   // what is shown while paused
	asked    []livelist.Pending[item] // as the user's program knows them
	given    []livelist.Pending[item] // of these, those whose event has not come
	sent     []livelist.Pending[item] // whose event a pause holds back
	before   map[string]row           // of the last Clear
	divider  string
	away     bool
	paused   bool
	dropped  int
	heldOut  int
	arrivals int
	widest   int // how many rows there were after items were prepended
}

func (m *model) at(key string) int {
	return slices.IndexFunc(m.rows, func(r row) bool { return r.key == key })
}

func pendingAt(all []livelist.Pending[item], key string) int {
	return slices.IndexFunc(all, func(p livelist.Pending[item]) bool { return p.Item.key == key })
}

// pending are the items that are shown as pending.
func (m *model) pending() (all []livelist.Pending[item]) {
	all = slices.Clone(m.sent)
	for _, p := range m.given {
		if pendingAt(m.sent, p.Item.key) < 0 {
			all = append(all, p)
		}
	}
	return all
}

func (m *model) count(is func(row) bool) (n int) {
	for _, r := range m.rows {
		if is(r) {
			n++
		}
	}
	return n
}

func (m *model) unread() int { return m.dropped + m.count(func(r row) bool { return r.unread }) }
func (m *model) held() int   { return m.heldOut + m.count(func(r row) bool { return r.held }) }

// insert puts a row behind all that it is not less than.
func (m *model) insert(r row) bool {
	at := len(m.rows)
	for m.opts.Less != nil && at > 0 && m.opts.Less(r.item, m.rows[at-1].item) {
		at--
	}
	if at == 0 && len(m.rows) >= m.limit() {
		return false
	}
	m.rows = slices.Insert(m.rows, at, r)
	return true
}

func (m *model) limit() int { return max(m.opts.Limit, m.widest) }

// resolve ends the pending item with a key.
func (m *model) resolve(key string) bool {
	at := pendingAt(m.given, key)
	if at >= 0 && m.paused && pendingAt(m.sent, key) < 0 {
		m.sent = append(m.sent, livelist.Pending[item]{Item: m.given[at].Item, Sent: true})
	}
	m.given = slices.DeleteFunc(m.given, func(p livelist.Pending[item]) bool { return p.Item.key == key })
	return at >= 0 || pendingAt(m.sent, key) >= 0
}

func (m *model) prepend(older []item) {
	var rows []row
	for _, i := range older {
		m.resolve(i.key)
		if at := m.at(i.key); at >= 0 {
			m.replace(at, i)
			continue
		}
		delete(m.before, i.key)
		rows = append(rows, row{item: i})
	}
	m.rows = append(rows, m.rows...)
	m.widest = max(m.widest, len(m.rows))
}

func (m *model) upsert(i item) {
	own := m.resolve(i.key) || written(i)
	if at := m.at(i.key); at >= 0 {
		m.replace(at, i)
		return
	}
	r := row{item: i}
	was, again := m.before[i.key]
	if !m.insert(r) {
		return
	}
	if own {
		return
	}
	delete(m.before, i.key)
	r = row{item: i, unread: was.unread}
	switch {
	case again && !was.held:
	case m.paused:
		r.held = true
	default:
		r.unread = m.away
		m.arrivals++
	}
	if r.unread && (m.unread() == 0 || m.opts.Less != nil && m.precedes(i)) {
		m.divider = i.key
	}
	m.rows[m.at(i.key)] = r
}

func (m *model) precedes(i item) bool {
	at := m.at(m.divider)
	return at >= 0 && byRank(i, m.rows[at].item)
}

func (m *model) replace(at int, i item) {
	r := m.rows[at]
	if m.opts.Less == nil || r.rank == i.rank {
		m.rows[at].item = i
		return
	}
	r.item = i
	unread := r.unread
	m.rows = slices.Delete(m.rows, at, at+1)
	if m.insert(r) {
		return
	}
	if m.divider == i.key {
		m.divider = m.first()
	}
	if unread && m.unread() == 0 {
		m.divider = ""
	}
}

func (m *model) first() string {
	if len(m.rows) == 0 {
		return ""
	}
	return m.rows[0].key
}

func (m *model) remove(key string) bool {
	m.sent = slices.DeleteFunc(m.sent, func(p livelist.Pending[item]) bool { return p.Item.key == key })
	at := m.at(key)
	if at < 0 {
		return false
	}
	was := m.rows[at]
	m.rows = slices.Delete(m.rows, at, at+1)
	if m.divider == key {
		m.divider = ""
		if at < len(m.rows) {
			m.divider = m.rows[at].key
		}
	}
	if was.unread && m.unread() == 0 {
		m.divider = ""
	}
	return true
}

// drop removes the oldest rows: the list decides how many, within bounds.
func (m *model) drop(n int) {
	for _, r := range m.rows[:n] {
		if r.unread {
			m.dropped++
		}
		if r.held {
			m.heldOut++
		}
	}
	gone := slices.IndexFunc(m.rows[:n], func(r row) bool { return r.key == m.divider }) >= 0
	if m.rows = m.rows[n:]; gone {
		m.divider = m.first()
	}
}

func (m *model) clear() {
	m.before = map[string]row{}
	for _, r := range m.rows {
		m.before[r.key] = r
	}
	m.rows, m.divider, m.dropped, m.heldOut, m.widest = nil, "", 0, 0, 0
}

func (m *model) setAtEnd(yes bool) {
	if m.away != yes {
		return
	}
	if m.away = !yes; m.away {
		return
	}
	if m.unread() == 0 {
		m.divider = ""
	}
	m.dropped = 0
	for i := range m.rows {
		m.rows[i].unread = false
	}
	for key, r := range m.before {
		r.unread = false
		m.before[key] = r
	}
}

func (m *model) pause() {
	if !m.paused {
		m.paused, m.frozen = true, items(m.rows)
	}
}

func (m *model) resume() {
	if !m.paused {
		return
	}
	n := m.held()
	m.arrivals += n
	m.paused, m.sent = false, nil
	if n > 0 && m.unread() == 0 {
		m.divider = m.first()
		if m.heldOut == 0 {
			m.divider = m.rows[slices.IndexFunc(m.rows, func(r row) bool { return r.held })].key
		}
	}
	for i, r := range m.rows {
		m.rows[i].unread, m.rows[i].held = r.unread || r.held && m.away, false
	}
	if m.away {
		m.dropped += m.heldOut
	}
	m.heldOut = 0
}

func items(rows []row) (all []item) {
	for _, r := range rows {
		all = append(all, r.item)
	}
	return all
}

func (m *model) shown() []item {
	if m.paused {
		return m.frozen
	}
	return items(m.rows)
}

// A pair does everything to a list and to its model, and compares.
type pair struct {
	*model
	list   *livelist.List[item]
	size   int
	shared [][]livelist.Block[item] // what the list has returned,
	notes  []string                 // and what it was then
	step   int
}

func newPair(o opts, size, spare int) *pair {
	o.Own = written
	return &pair{model: &model{opts: o}, list: livelist.NewSized(o, size, spare), size: size}
}

// do makes step number op of its kind, to one of a few items.
func (p *pair) do(op, arg byte) {
	p.step++
	key := fmt.Sprint("k", int(arg)%(3*p.opts.Limit+5))
	i := item{key, int(arg) % 37, fmt.Sprint("text ", p.step)}
	switch op % 17 {
	case 0: // new at the end
		i.key, i.rank = fmt.Sprint("n", p.step), p.step
		p.upsert(i)
		p.list.Upsert(i)
	case 1, 2:
		p.upsert(i)
		p.list.Upsert(i)
	case 3:
		i.text = "own"
		p.upsert(i)
		p.list.Upsert(i)
	case 4, 5:
		p.remove(key)
		p.list.Remove(key)
	case 6:
		p.clear()
		p.list.Clear()
	case 7, 8:
		p.setAtEnd(op%17 == 7)
		p.list.SetAtEnd(op%17 == 7)
		if p.list.AtEnd() != (op%17 == 7) {
			panic("the list has forgotten where the user is")
		}
	case 9:
		p.pause()
		p.list.Pause()
	case 10:
		p.resume()
		p.list.Resume()
	case 16:
		p.older(int(arg) % (2*p.size + 1))
	default:
		p.own(op%17, i)
	}
}

// older prepends items, the last of which may be there already.
func (p *pair) older(n int) {
	var all []item
	for j := range n {
		all = append(all, item{fmt.Sprint("o", p.step, ".", j), j - 1000*p.step, fmt.Sprint("older ", p.step, ".", j)})
	}
	if len(p.rows) > 0 && n%3 == 1 {
		all[n-1].key, all[n-1].rank = p.rows[0].key, p.rows[0].rank
	}
	p.prepend(all)
	p.list.Prepend(all)
}

// own changes what is pending.
func (p *pair) own(op byte, i item) {
	at := pendingAt(p.asked, i.key)
	switch {
	case op == 11 && at < 0:
		p.asked = append(p.asked, livelist.Pending[item]{Item: i})
	case op == 12 && at >= 0:
		p.asked[at].Sent, p.asked[at].Failure = true, ""
	case op == 13 && at >= 0:
		p.asked[at].Failure = "no"
	case op == 14 && at >= 0:
		p.asked[at].Sent, p.asked[at].Failure = false, ""
	case op == 15 && at >= 0:
		p.asked = slices.Delete(p.asked, at, at+1)
	}
	p.given = slices.DeleteFunc(slices.Clone(p.asked), func(q livelist.Pending[item]) bool { return p.at(q.Item.key) >= 0 })
	p.list.SetPending(p.asked)
}

// check compares list and model.
func (p *pair) check(t testing.TB) {
	t.Helper()
	over := len(p.rows) - p.list.Len()
	if over < 0 || over > 0 && p.list.Len() < p.limit() || p.list.Len() >= p.limit()+2*p.size {
		t.Fatalf("step %d: the list holds %d items of %d, its limit is %d", p.step, p.list.Len(), len(p.rows), p.limit())
	}
	p.drop(over)
	if got := slices.Collect(p.list.All()); !slices.Equal(got, p.shown()) {
		t.Fatalf("step %d: the list shows\n%v, want\n%v", p.step, got, p.shown())
	}
	if got, want := p.list.Pending(), p.pending(); !slices.Equal(got, want) {
		t.Fatalf("step %d: pending are %v, want %v", p.step, got, want)
	}
	got := [...]any{p.list.Unread(), p.list.Held(), p.list.Divider(), p.list.Arrivals().Count, p.list.Paused()}
	want := [...]any{p.unread(), p.held(), p.divider, p.arrivals, p.paused}
	if got != want {
		t.Fatalf("step %d: unread, held, divider, news, paused are %v, want %v", p.step, got, want)
	}
	p.checkShared(t)
}

// checkShared checks that the last ten results that the list has returned are
// unchanged.
func (p *pair) checkShared(t testing.TB) {
	t.Helper()
	for i, blocks := range p.shared {
		if now := fmt.Sprint(blocks); now != p.notes[i] {
			t.Fatalf("step %d: chunks that were handed out have changed from\n%s to\n%s", p.step, p.notes[i], now)
		}
	}
	blocks := p.list.Blocks()
	p.shared, p.notes = append(p.shared, blocks), append(p.notes, fmt.Sprint(blocks))
	if len(p.shared) > 10 {
		p.shared, p.notes = p.shared[1:], p.notes[1:]
	}
}

var kinds = map[string]func(opts) opts{
	"arrival": func(o opts) opts { return o },
	"ranked":  ranked,
}

func TestListEqualsItsModel(t *testing.T) {
	rounds := 60
	if testing.Short() {
		rounds /= 4
	}
	for name, kind := range kinds {
		for _, limit := range []int{1, 5, 12} {
			t.Run(fmt.Sprint(name, limit), func(t *testing.T) {
				rnd := rand.New(rand.NewPCG(1, uint64(limit)))
				for range rounds {
					p := newPair(kind(opts{Key: keyOf, Limit: limit}), 3, 2)
					for range 300 {
						p.do(byte(rnd.IntN(17)), byte(rnd.IntN(256)))
						p.check(t)
					}
				}
			})
		}
	}
}

func TestOrdinaryChunksAreWhatTheirModelIs(t *testing.T) {
	steps := 3000
	if testing.Short() {
		steps /= 4
	}
	for _, name := range slices.SortedFunc(maps.Keys(kinds), cmp.Compare) {
		rnd := rand.New(rand.NewPCG(2, 2))
		p := newPair(kinds[name](opts{Key: keyOf, Limit: 250}), 100, 64)
		for range steps {
			op := byte(rnd.IntN(64))
			if op > 16 {
				op = 0 // mostly new ones
			}
			p.do(op, byte(rnd.IntN(256)))
			p.check(t)
		}
	}
}

func FuzzList(f *testing.F) {
	f.Add(false, uint8(3), []byte{0, 0, 0, 0, 8, 0, 0, 0, 9, 0, 0, 0, 1, 7, 6, 0, 10, 0})
	f.Add(true, uint8(5), []byte{1, 9, 1, 3, 1, 200, 11, 50, 13, 50, 14, 50, 9, 0, 1, 50, 4, 50, 10, 0})
	f.Fuzz(func(t *testing.T, order bool, limit uint8, steps []byte) {
		o := opts{Key: keyOf, Limit: int(limit)%20 + 1}
		if order {
			o = ranked(o)
		}
		p := newPair(o, 3, 2)
		for len(steps) >= 2 && p.step < 500 {
			p.do(steps[0], steps[1])
			p.check(t)
			steps = steps[2:]
		}
	})
}

func byRank(a, b item) bool { return a.rank < b.rank }
func ranked(o opts) opts    { o.Less = byRank; return o }
