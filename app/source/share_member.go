package source

import (
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// A member is one connection of a tab that shares, as its source sees it: where
// its signals come from changes, and the source is not told.
//
// What keeps it exact is one rule: a leader says frames together with the
// position after which they are all there is, and a follower takes them only if
// it is at that position or past it in the same log. Nothing else is relied on:
// neither that words arrive, nor that there is one leader at a time.
//
// Everything but release runs on the member's goroutine.
type member struct {
	*shared
	request Request
	emit    func(...Signal)
	group   group
	self    uint64 // its name in the group
	mail    *mailbox
	leaving chan struct{} // closed by release
	left    chan struct{} // closed by the goroutine

	role   role
	sought int  // counts requests for the lock; what becomes of an earlier one is late
	vacant bool // nobody leads, as far as is known
	heir   bool // it has the lock, and waits for the last word of who had it
	term   term // of the leader, which it may be itself
	// hello is what the server said to the leader of the term, or to this tab.
	hello *wire.Hello
	heard time.Time // when it said so
	// carrier is the name of the leader's transport, if it has several.
	carrier string
	// told is the newest of what the source was told. It ends at the position.
	told  stretch
	timer *time.Timer
	since time.Time // when the stream stopped, if there is none

	// Of a connection of its own, a leader's or one that catches up.
	hangUp  func() // nil without
	dialed  int    // counts them; signals of an earlier one are late
	greeted bool   // its hello has come, and the reset if that announced one

	// Of a follower.
	joined   bool    // takes what the leader says
	ahead    stretch // what the leader has said so far, while not joined
	asked    bool    // since the leader was last heard
	inquired bool    // where this term stands
	answered bool    // to that
}

// A role is what a member is in its group.
type role uint8

const (
	following role = iota // or looking for somebody to follow
	leading
	retired // the connection has ended, as the source was told
)

func newMember(s *shared, r Request, emit func(...Signal)) *member {
	return &member{
		shared: s, request: r, emit: emit, self: newName(s.random), mail: newMailbox(),
		leaving: make(chan struct{}), left: make(chan struct{}), vacant: true,
	}
}

// newName returns a number that others hardly have, and not 0.
func newName(random func() float64) uint64 { return 1 + uint64(random()*(1<<52)) }

// release ends the membership and waits for that.
func (m *member) release() {
	close(m.leaving)
	<-m.left
}

func (m *member) run() {
	defer close(m.left)
	m.timer = time.NewTimer(m.within)
	m.since = time.Now()
	m.seek(false)
	m.ask()
	for {
		select {
		case <-m.leaving:
			m.quit()
			return
		case <-m.mail.poke:
			for _, do := range m.mail.take() {
				do()
			}
		case <-m.timer.C:
			m.elapse()
		}
	}
}

// quit leaves a group that does not expect it.
func (m *member) quit() {
	if m.role == leading {
		m.say(word{Kind: gone})
	}
	m.retire()
}

// retire makes room for the others. The source has been told that the connection
// is over and comes back with a new one.
func (m *member) retire() {
	if m.role == retired {
		return
	}
	m.role = retired
	m.timer.Stop()
	m.drop()
	m.group.leave()
}

// say tells the others something, of the present term.
func (m *member) say(w word) {
	w.Term = m.term
	m.group.say(w.text())
}

// hear deals with what another member says.
func (m *member) hear(text string) {
	var w word
	if m.role == retired || json.Unmarshal([]byte(text), &w) != nil {
		return
	}
	switch w.Kind {
	case ask:
		m.answer(w)
	case lead:
		m.believe(w.Term)
		m.inquired = false // it will say where it stands
	case tell:
		m.follow(w)
	case over:
		m.lose(w)
	case gone:
		m.part(w)
	}
}

// pos is the position that the source has been told up to.
func (m *member) pos() event.ID { return m.told.end }

// streams reports whether the source has a stream, from whomever.
func (m *member) streams() bool { return m.joined || m.hangUp != nil && m.greeted }

// dial opens a connection of its own that resumes after the position.
func (m *member) dial(t Transport, hear func([]Signal)) {
	m.drop()
	m.dialed++
	conn := m.dialed
	release, err := t.Open(m.request.from(m.pos()), func(signals ...Signal) {
		copied := slices.Clone(signals)
		m.mail.put(func() {
			if m.hangUp != nil && m.dialed == conn {
				hear(copied)
			}
		})
	})
	if err != nil {
		m.fail(err)
		return
	}
	m.hangUp = release
}

// drop ends the connection of its own, if there is one.
func (m *member) drop() {
	if m.hangUp != nil {
		m.hangUp()
	}
	m.hangUp, m.greeted = nil, false
}

// note keeps account of a frame of a connection of its own.
func (m *member) note(f Frame) {
	id, _ := event.ParseID(f.LastEventID) // absent before a reset
	switch f.Name {
	case wire.HelloName:
		hello := helloOf(f)
		if hello == nil {
			return // the source gives it up
		}
		m.hello, m.heard = hello, time.Now()
		m.greeted = hello.Mode != wire.Reset
		if m.greeted && (id.Epoch() != m.pos().Epoch() || id.Seq() > m.pos().Seq()) {
			m.told.begin(id)
		}
	case wire.ResetName:
		m.greeted = true
		m.told.begin(id)
	default:
		m.told.add(f)
	}
}

// Why a connection ends that did not begin.
var (
	errNoHello  = errors.New("the server did not answer in time")
	errNoLeader = errors.New("no tab of this browser has a connection")
)

// elapse deals with the end of a time of patience.
func (m *member) elapse() {
	switch {
	case m.role == retired:
	case m.heir:
		m.lead()
	case m.role == leading:
		if !m.greeted {
			m.fail(errNoHello)
		}
	case !m.streams() && time.Since(m.since) >= m.within:
		m.fail(errNoLeader)
	case m.answered && !m.streams() && m.hangUp == nil:
		m.catch()
	case !m.asked:
		m.ask()
	default:
		m.asked, m.vacant = false, true
		m.seek(true)
		m.timer.Reset(m.patience())
	}
}

// patience is how long a leader has to answer: 3 s of the 10 that a try may take
// by default, and up to one more, so that not all tabs take the lock at once.
func (m *member) patience() time.Duration {
	return m.within*3/10 + time.Duration(m.random()*float64(m.within/10))
}

// fail ends the connection.
func (m *member) fail(err error) {
	s := Signal{Kind: ConnectionFailed, Err: err}
	if m.role == leading {
		m.sayOver(s)
	}
	m.emit(s)
	m.retire()
}
