package tabs

import (
	"encoding/json"
	"time"

	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/wire"
)

// ask says where this tab stands, and asks who leads and what comes next.
func (m *member) ask() {
	m.leader = m.leader.ask()
	if m.stream == unknown {
		m.stream = inquired
	}
	m.post(message{Kind: asks, From: m.self, Scope: m.scope, At: m.pos()})
	m.timer.Reset(m.answerTimeout())
}

// believe deals with a sign of life from the leader of a term, and reports
// whether that is the one to follow.
func (m *member) believe(t term) bool {
	if !m.role.follows() || t.before(m.term) {
		return false
	}
	if t != m.term {
		m.term = t
		m.reach, m.version = scope{}, 0
		m.part()
	}
	m.leader = led
	if m.stream == joined && m.role == following {
		m.rearm()
	}
	return true
}

// meet deals with a leader that has no stream yet. A new one knows of no tab
// before it is asked.
func (m *member) meet(t term) {
	known := t == m.term
	switch {
	case !m.believe(t):
	case !known:
		m.ask()
	case m.stream == inquired: // it will say where it stands
		m.stream = unknown
	}
}

// rearm sets the time after which the leader is asked whether it is there. A
// leader that hangs is replaced after 1.5 heartbeat intervals of silence and the time
// that an answer gets: before the page would call itself stale, after 2.5.
func (m *member) rearm() { m.timer.Reset(heartbeatOf(m.hello) * 3 / 2) }

// part forgets what the leader has posted. A connection that catches up goes on.
func (m *member) part() {
	if m.streams() {
		m.since = time.Now()
	}
	m.timer.Reset(m.answerTimeout())
	m.stream = unknown
	m.ahead = segment{}
}

// follow deals with a part of the leader's stream.
func (m *member) follow(msg message) {
	if !m.believe(msg.Term) || msg.To != 0 && msg.To != m.self {
		return
	}
	m.learn(msg)
	if m.stream == joined && m.leadsOn(msg) {
		m.deliver(transport.Arrived(msg.Frames...))
		return
	}
	if m.stream == joined { // a message was lost
		m.part()
	}
	if msg.To == m.self {
		m.stream = answered
		m.ahead = segment{}
		m.timer.Reset(m.Within / 10) // see join
	}
	if m.ahead.end != msg.At {
		m.ahead.begin(msg.At)
	}
	for _, f := range msg.Frames {
		m.ahead.add(f)
	}
	m.join()
	if msg.To == m.self && m.stream == answered && m.link == greeted {
		m.rearm() // it asks again, as long as it is on its own
	}
}

// learn takes note of what a message says of the leader's stream. That may have become
// less than this tab wants: its question may have been lost, when it joined what another
// tab had asked for, and that one may have gone.
func (m *member) learn(msg message) {
	switch {
	case msg.Hello != nil:
		m.hello, m.carrier = msg.Hello, msg.Name
		if msg.Version != m.version {
			m.ahead = segment{} // complete in another scope, or in an unknown one
		}
		m.reach, m.version = msg.Scope, msg.Version
		switch {
		case m.stream != joined:
		case m.reach.covers(m.scope):
			m.emit(m.opened())
		default:
			m.part()
		}
	case msg.Version == m.version:
	case m.version == 0: // it asks when its time has elapsed, which is not to begin anew
	default: // the message that said so was lost
		m.reach, m.version = scope{}, 0
		m.part()
	}
}

// leadsOn reports whether nothing is missing between the position and what the
// leader posts.
func (m *member) leadsOn(msg message) bool {
	return msg.At.Epoch() == m.pos().Epoch() && msg.At.Seq() <= m.pos().Seq()
}

// join takes what the leader posts from now on, if nothing is missing before it.
// Otherwise the leader is asked for that, and then the server. A number is not
// enough to go by: the log may have given it twice. The position must be one of
// the leader's own stream, or the server must have said that it is good.
func (m *member) join() {
	frames, ok := m.ahead.after(m.pos())
	if !ok && m.link == greeted && m.ahead.reachedBy(m.pos()) {
		frames, ok = m.ahead.frames, true
	}
	covered := m.version > 0 && m.reach.covers(m.scope)
	switch {
	case ok && covered && m.hello != nil:
		m.enter(frames)
	case m.link != none: // on the way
	case m.stream == unknown:
		m.ask()
	case m.stream == inquired:
	case !covered: // the leader will see to it
		m.catchUp()
	case m.past(): // a new leader has not got this far, but may be about to
	default:
		m.catchUp()
	}
}

// past reports whether the position is beyond all that the leader has posted.
func (m *member) past() bool {
	return m.pos().Epoch() == m.ahead.end.Epoch() && m.pos().Seq() > m.ahead.end.Seq()
}

// enter begins to follow.
func (m *member) enter(frames []transport.Frame) {
	var signals []transport.Signal
	if !m.streams() {
		signals = []transport.Signal{m.opened(), m.welcome()}
	}
	m.drop()
	m.stream = joined
	m.ahead = segment{}
	m.rearm()
	m.deliver(append(signals, transport.Arrived(frames...)...))
}

// opened is the signal that a stream has begun, by the leader's transport.
func (m *member) opened() transport.Signal {
	s := transport.Opened()
	s.Transport = m.carrier
	return s
}

// welcome is a hello that resumes at the position, which may be in another log
// than the one that the server began with.
func (m *member) welcome() transport.Signal {
	hello := *m.hello
	hello.Mode, hello.Epoch = wire.Resumed, m.pos().Epoch()
	data, err := json.Marshal(hello)
	if err != nil {
		panic("tabs: " + err.Error()) // it has come from JSON
	}
	return transport.Arrived(transport.Frame{
		Name: wire.HelloName, Data: string(data), LastEventID: m.pos().String(),
	})[0]
}

// deliver passes on what the leader has posted.
func (m *member) deliver(signals []transport.Signal) {
	for _, s := range signals {
		if s.Kind == transport.FrameArrived {
			m.sent.add(s.Frame)
		}
	}
	m.pass(signals)
}

// catchUp opens a connection that closes the gap before what the leader has
// posted. It ends as soon as it has; meanwhile it is as good as any.
func (m *member) catchUp() {
	m.timer.Reset(m.Within)
	m.dial(true, m.closeGap)
}

// closeGap deals with the signals of that connection.
func (m *member) closeGap(signals []transport.Signal) {
	ended := false
	for _, s := range signals {
		if s.Kind == transport.FrameArrived {
			m.note(s.Frame)
		}
		ended = ended || s.Kind == transport.ConnectionFailed || s.Kind == transport.FrameArrived && s.Frame.Final()
	}
	m.emit(signals...)
	if ended {
		m.retire()
		return
	}
	m.join()
}

// heartbeatOf returns the heartbeat interval of a stream: it is silent no longer.
func heartbeatOf(h *wire.Hello) time.Duration {
	if h == nil || h.Heartbeat <= 0 {
		return 15 * time.Second
	}
	return time.Duration(h.Heartbeat) * time.Millisecond
}
