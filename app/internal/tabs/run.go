package tabs

import (
	"encoding/json"
	"time"

	"github.com/seawaykit/seaway/app/transport"
)

func (m *member) run() {
	defer close(m.left)
	m.timer = time.NewTimer(m.Within)
	m.since = time.Now()
	m.seek(false)
	m.ask()
	for {
		select {
		case <-m.leaving:
			m.quit()
			return
		case <-m.mail.Ready():
			for _, do := range m.mail.Take() {
				do()
			}
		case <-m.timer.C:
			m.elapse()
		}
	}
}

// release ends the membership and waits for that.
func (m *member) release() {
	close(m.leaving)
	<-m.left
}

// quit leaves a group that does not expect it.
func (m *member) quit() {
	if m.role.leads() {
		m.post(message{Kind: leaves})
	}
	m.retire()
}

// receive deals with what another member posts.
func (m *member) receive(text string) {
	var msg message
	if m.role == retired || json.Unmarshal([]byte(text), &msg) != nil {
		return
	}
	switch msg.Kind {
	case asks:
		m.answer(msg)
	case leads:
		m.meet(msg.Term)
	case brings:
		m.follow(msg)
	case ends:
		m.lose(msg)
	case leaves:
		m.vacate(msg)
	case parts:
		delete(m.wants, msg.From)
		m.narrowLater()
	}
}

// elapse deals with the end of a time that something had.
func (m *member) elapse() {
	switch {
	case m.role == retired:
	case m.role == inheriting:
		m.lead()
	case m.role.leads():
		switch {
		case m.link != greeted:
			m.fail(ErrNoHello)
		case m.next != nil:
			m.giveUpNext()
		default:
			m.widen()
		}
	case !m.streams() && time.Since(m.since) >= m.Within:
		m.fail(errNoLeader)
	case m.stream == answered && m.link == none:
		m.catchUp()
	case !m.leader.isAsked():
		m.ask()
	default:
		m.leader = vacant
		m.seek(true)
		m.timer.Reset(m.answerTimeout())
	}
}

// seek asks for the lock.
func (m *member) seek(steal bool) {
	m.sought++
	if m.role == inheriting {
		m.role = following
	}
	request := m.sought
	then := func(do func()) {
		m.mail.Put(func() {
			if m.role != retired && m.sought == request {
				do()
			}
		})
	}
	m.group.Seek(steal, Outcome{
		Granted: func() { then(m.inherit) },
		Lost:    func(stolen bool) { then(func() { m.depose(stolen) }) },
	})
}

// inherit deals with getting the lock. It travels on another path than messages do
// and may be faster than why the leader let it go: whether its tab has closed,
// or its connection has ended, in which case this one has ended too. Otherwise
// one tab after the other would try to connect at once, without a wait between.
func (m *member) inherit() {
	if m.leader.isVacant() {
		m.lead()
		return
	}
	m.role = inheriting
	m.timer.Reset(m.Within / 100)
}

// depose deals with the loss of the lock: others thought that this tab had hung,
// or the browser does not give locks here.
func (m *member) depose(stolen bool) {
	if m.role.leads() {
		m.post(message{Kind: leaves})
		m.part()
		m.role = following
		m.drop()
	}
	if stolen {
		m.seek(false)
		m.ask()
		return
	}
	m.group.Leave()
	m.group = soloGroup{}
	m.lead()
}

// lose deals with the end of the leader's connection.
func (m *member) lose(msg message) {
	if !m.believe(msg.Term) {
		return
	}
	signals := transport.Arrived(msg.Frames...)
	if msg.Failure != nil {
		signals = append(signals, msg.Failure.signal())
	}
	for i, s := range signals {
		if isRefusal(s) && !msg.Scope.equals(m.scope) {
			signals[i] = broken
		}
	}
	m.emit(signals...)
	m.retire()
}

// vacate deals with a leader that leaves. The next one says so at once.
func (m *member) vacate(msg message) {
	if !m.role.follows() || msg.Term != m.term {
		return
	}
	m.leader = vacant
	if m.role == inheriting {
		m.lead()
		return
	}
	m.part()
	m.timer.Reset(m.Within / 10)
}
