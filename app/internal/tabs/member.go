package tabs

import (
	"errors"
	"time"

	"github.com/seawaykit/seaway/app/internal/queue"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// A member is one connection of a tab that shares, as its caller sees it: where
// its signals come from changes, and the caller does not notice.
//
// What keeps it exact is one rule: a leader posts frames together with the
// position after which they are all there is, and a follower takes them only if
// it is at that position or past it in the same log. Nothing else is relied on:
// neither that messages arrive, nor that there is one leader at a time.
//
// Everything but release runs on the member's goroutine.
type member struct {
	*shared
	request transport.Request
	scope   scope // what the caller is sent
	emit    func(...transport.Signal)
	passed  time.Time // when it was called last
	group   Group
	self    uint64 // its name in the group
	mail    *queue.Queue
	leaving chan struct{} // closed by release
	left    chan struct{} // closed by the goroutine

	role   role
	sought int        // counts requests for the lock; what becomes of an earlier one is late
	leader leadership // as far as is known
	stream standing   // where the leader's is; unknown to a leader
	term   term       // of the leader, which it may be itself
	// hello is what the server said to the leader of the term, or to this tab.
	hello   *wire.Hello
	helloAt time.Time // when it said so
	// reach is what the stream of the leader brings, as far as is known, and version
	// its number in the term. A leader's is that of its own connection.
	reach   scope
	version int
	// carrier is the name of the leader's transport, if it has several.
	carrier string
	// sent is the newest that has come, and complete in the caller's scope; a leader's in
	// its reach. It ends at the position.
	sent  segment
	ahead segment // what the leader has posted so far, while not joined
	timer *time.Timer
	since time.Time // when the stream stopped, if there is none

	link link  // the state of own
	own  *conn // a leader's connection, or one that catches up

	// Of a leader: see widen.go.
	wants map[uint64]*want // by the name of who asked
	next  *conn            // that is to take the place of own
	asker *want            // for which it does
}

func newMember(s *shared, r transport.Request, wanted scope, emit func(...transport.Signal)) *member {
	m := &member{
		shared: s, request: r, scope: wanted, emit: emit, self: newName(s.Random), mail: queue.New(0),
		leaving: make(chan struct{}), left: make(chan struct{}), leader: vacant,
	}
	m.sent.begin(r.After())
	return m
}

// newName returns a number that others hardly have, and not 0.
func newName(random func() float64) uint64 { return 1 + uint64(random()*(1<<52)) }

// post sends the others a message, of the present term.
func (m *member) post(msg message) {
	msg.Term = m.term
	m.group.Post(msg.text())
}

// pos is the position that the caller has been sent up to.
func (m *member) pos() event.ID { return m.sent.end }

// streams reports whether the caller has a stream, its own or the leader's.
func (m *member) streams() bool { return m.stream == joined || m.link == greeted }

// note keeps account of a frame of a connection of its own.
func (m *member) note(f transport.Frame) {
	id := f.Position() // absent before a reset
	switch f.Name {
	case wire.HelloName:
		hello := f.Hello()
		if hello == nil {
			return // the caller gives it up
		}
		m.hello, m.helloAt = hello, time.Now()
		if m.link = greeted; hello.Mode == wire.Reset {
			m.link = dialed
			return
		}
		if id.Epoch() != m.pos().Epoch() || id.Seq() > m.pos().Seq() {
			m.sent.begin(id)
		}
	case wire.ResetName:
		m.link = greeted
		m.sent.begin(id)
	default:
		m.sent.add(f)
	}
}

// Why a connection ends that did not begin.
var (
	// ErrNoHello says that the connection brought nothing in time.
	ErrNoHello  = errors.New("the server did not answer in time")
	errNoLeader = errors.New("no tab of this browser has a connection")
)

// fail ends the connection.
func (m *member) fail(err error) {
	s := transport.Signal{Kind: transport.ConnectionFailed, Err: err}
	if m.role.leads() {
		m.postEnd(s)
	}
	m.emit(s)
	m.retire()
}

// postEnd posts how the leader's connection has ended.
func (m *member) postEnd(s transport.Signal) {
	msg := message{Kind: ends, Scope: m.scope}
	if m.own != nil {
		msg.Scope = m.own.scope
	}
	if s.Kind == transport.FrameArrived {
		msg.Frames = []transport.Frame{s.Frame}
	} else {
		msg.Failure = newFailure(s)
	}
	m.post(msg)
}

// retire makes room for the others. The caller knows that the connection is over
// and comes back with a new one.
func (m *member) retire() {
	if m.role == retired {
		return
	}
	if m.role.follows() {
		m.post(message{Kind: parts, From: m.self})
	}
	m.role = retired
	m.timer.Stop()
	m.drop()
	m.group.Leave()
}

// answerTimeout is how long a leader has to answer: 3 s of the 10 that a try may take
// by default, and up to one more, so that not all tabs take the lock at once.
func (m *member) answerTimeout() time.Duration {
	return m.Within*3/10 + time.Duration(m.Random()*float64(m.Within/10))
}
