package tabs

import (
	"time"

	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// A want is what a follower has asked for.
type want struct {
	scope scope
	due   time.Time     // when it may be tried again
	rest  time.Duration // from the last try until then
}

// firstRest and lastRest are the times between two tries of a connection for a follower
// that the server may have refused: they double from the one to the other.
const (
	firstRest = time.Minute
	lastRest  = time.Hour
)

// fail puts off the next try. The follower's tab has a connection of its own.
func (w *want) fail() {
	w.rest = min(max(2*w.rest, firstRest), lastRest)
	w.due = time.Now().Add(w.rest)
}

func (w *want) isDue() bool { return !time.Now().Before(w.due) }

// A leader whose connection does not bring what a follower wants opens another that
// does, beside its own, and changes over when that has begun. The follower has a
// connection of its own meanwhile. Each new connection is for one follower more, so
// that what one may not follow still reaches the others.

// enlist takes note of what a follower wants.
func (m *member) enlist(question message) {
	w := m.wants[question.From]
	if w == nil || !w.scope.equals(question.Scope) {
		w = &want{scope: question.Scope}
		m.wants[question.From] = w
	}
	if m.link == greeted && m.next == nil && w.isDue() && !m.own.scope.covers(w.scope) {
		m.timer.Reset(m.Within / 10) // a tab that changes its topics is there twice for a moment
	}
}

// widen opens the next connection, if a wider one is needed.
func (m *member) widen() {
	asker := uint64(0)
	for from, w := range m.wants {
		if !m.own.scope.covers(w.scope) && w.isDue() && (asker == 0 || from < asker) {
			asker = from
		}
	}
	if asker != 0 {
		m.openNext(m.wants[asker])
	}
}

// openNext opens the next connection, of what the present one brings to tabs that are
// there, and of what another wants.
func (m *member) openNext(w *want) {
	c, err := m.open(m.needed().with(w.scope), false, m.receiveNext)
	if m.asker = w; err != nil {
		w.fail()
		return
	}
	m.next = c
	m.timer.Reset(m.Within)
}

// needed returns what the connection brings to tabs that are there.
func (m *member) needed() scope {
	all := m.scope
	for _, w := range m.wants {
		if m.own.scope.covers(w.scope) {
			all = all.with(w.scope)
		}
	}
	return all
}

// narrowLater has the connection narrowed that a tab has left. One that is loaded again
// comes back before, and leaves it as it is.
func (m *member) narrowLater() {
	if m.role == leading {
		time.AfterFunc(m.Within/2, func() { m.mail.Put(m.narrow) })
	}
}

// narrow opens the next connection if the present one brings topics that no tab wants: its
// user would be present in what no page shows.
func (m *member) narrow() {
	switch {
	case m.role != leading || m.link != greeted: // the next one is of what is wanted then
	case m.next != nil:
		m.narrowLater()
	case len(m.needed().Topics) < len(m.own.scope.Topics):
		m.openNext(&want{scope: m.scope})
	}
}

// receiveNext deals with what the next connection brings: a hello, if it is of use.
func (m *member) receiveNext(signals []transport.Signal) {
	for i, s := range signals {
		if s.Kind == transport.ConnectionOpened {
			continue
		}
		hello := s.Frame.Hello()
		if hello == nil || hello.Mode != wire.Resumed || hello.Epoch != m.pos().Epoch() {
			m.giveUpNext()
			return
		}
		m.changeOver(hello, s.Frame.Position())
		m.relay(signals[i+1:])
		return
	}
}

// changeOver makes the next connection the leader's. It begins where the other stood
// when it was opened: what comes twice its tabs have seen, by the position.
func (m *member) changeOver(hello *wire.Hello, at event.ID) {
	old := m.own
	m.own, m.next = m.next, nil
	m.own.receive = m.relay
	old.release()
	m.hello, m.helloAt = hello, time.Now()
	m.reach = m.own.scope
	m.version++
	m.sent.begin(at)
	m.post(m.greeting())
	m.timer.Stop()
	m.widen()
}

// giveUpNext ends the next connection, and keeps the present one.
func (m *member) giveUpNext() {
	m.asker.fail()
	m.dropNext()
	m.timer.Stop()
	m.widen()
}

func (m *member) dropNext() {
	if m.next != nil {
		m.next.release()
		m.next = nil
	}
}
