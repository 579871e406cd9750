package source

import (
	"encoding/json"
	"time"

	"github.com/seawaykit/seaway/shared/wire"
)

// ask says where this tab stands, and asks who leads and what comes next.
func (m *member) ask() {
	m.asked, m.inquired = true, true
	m.say(word{Kind: ask, From: m.self, At: m.pos()})
	m.timer.Reset(m.patience())
}

// believe deals with a sign of life from the leader of a term, and reports
// whether that is the one to follow.
func (m *member) believe(t term) bool {
	if m.role != following || t.before(m.term) {
		return false
	}
	if t != m.term {
		m.term = t
		m.astray()
	}
	m.asked, m.vacant = false, false
	if m.joined && !m.heir {
		m.rearm()
	}
	return true
}

// rearm sets the time after which the leader is asked whether it is there. A
// leader that hangs is replaced after 1.5 beats of silence and the patience that
// an answer gets: before the page would call itself stale, after 2.5.
func (m *member) rearm() { m.timer.Reset(beatOf(m.hello) * 3 / 2) }

// astray forgets what the leader has said. A connection that catches up goes on.
func (m *member) astray() {
	if m.streams() {
		m.since = time.Now()
	}
	m.timer.Reset(m.patience())
	m.joined, m.inquired, m.answered = false, false, false
	m.ahead = stretch{}
}

// part deals with a leader that leaves. The next one says so at once.
func (m *member) part(w word) {
	if m.role != following || w.Term != m.term {
		return
	}
	m.vacant = true
	if m.heir {
		m.lead()
		return
	}
	m.astray()
	m.asked = false
	m.timer.Reset(m.within / 10)
}

// lose deals with the end of the leader's connection.
func (m *member) lose(w word) {
	if !m.believe(w.Term) {
		return
	}
	signals := arrived(w.Frames)
	if w.Failure != nil {
		signals = append(signals, w.Failure.signal())
	}
	m.emit(signals...)
	m.retire()
}

// follow deals with a part of the leader's stream.
func (m *member) follow(w word) {
	if !m.believe(w.Term) || w.To != 0 && w.To != m.self {
		return
	}
	if w.Hello != nil {
		m.hello, m.carrier = w.Hello, w.Name
		if m.joined {
			m.emit(m.opened())
		}
	}
	if m.joined && m.leadsOn(w) {
		m.deliver(arrived(w.Frames))
		return
	}
	if m.joined { // a word was lost
		m.astray()
	}
	if w.To == m.self {
		m.answered = true
		m.ahead = stretch{}
		m.timer.Reset(m.within / 10) // see join
	}
	if m.ahead.end != w.At {
		m.ahead.begin(w.At)
	}
	for _, f := range w.Frames {
		m.ahead.add(f)
	}
	m.join()
}

// leadsOn reports whether nothing is missing between the position and what the
// leader says.
func (m *member) leadsOn(w word) bool {
	return w.At.Epoch() == m.pos().Epoch() && w.At.Seq() <= m.pos().Seq()
}

// join takes what the leader says from now on, if nothing is missing before it.
// Otherwise the leader is asked for that, and then the server. A number is not
// enough to go by: the log may have given it twice. The position must be one of
// the leader's own stream, or the server must have said that it is good.
func (m *member) join() {
	frames, ok := m.ahead.after(m.pos())
	if !ok && m.hangUp != nil && m.greeted && m.ahead.reachedBy(m.pos()) {
		frames, ok = m.ahead.frames, true
	}
	switch {
	case ok && m.hello != nil:
		m.enter(frames)
	case m.hangUp != nil: // on the way
	case !m.answered && !m.inquired:
		m.ask()
	case !m.answered:
	case m.past(): // a new leader has not got this far, but may be about to
	default:
		m.catch()
	}
}

// past reports whether the position is beyond all that the leader has said.
func (m *member) past() bool {
	return m.pos().Epoch() == m.ahead.end.Epoch() && m.pos().Seq() > m.ahead.end.Seq()
}

// enter begins to follow.
func (m *member) enter(frames []Frame) {
	var signals []Signal
	if !m.streams() {
		signals = []Signal{m.opened(), m.welcome()}
	}
	m.drop()
	m.joined = true
	m.ahead = stretch{}
	m.rearm()
	m.deliver(append(signals, arrived(frames)...))
}

func (m *member) opened() Signal {
	return Signal{Kind: ConnectionOpened, ReadyState: ReadyOpen, Transport: m.carrier}
}

// welcome is a hello that resumes at the position, which may be in another log
// than the one that the server began with.
func (m *member) welcome() Signal {
	hello := *m.hello
	hello.Mode, hello.Epoch = wire.Resumed, m.pos().Epoch()
	data, err := json.Marshal(hello)
	if err != nil {
		panic("source: " + err.Error()) // it has come from JSON
	}
	return Signal{Kind: FrameArrived, ReadyState: ReadyOpen, Frame: Frame{
		Name: wire.HelloName, Data: string(data), LastEventID: m.pos().String(),
	}}
}

// deliver tells the source what the leader has said.
func (m *member) deliver(signals []Signal) {
	for _, s := range signals {
		if s.Kind == FrameArrived {
			m.told.add(s.Frame)
		}
	}
	m.emit(signals...)
}

// catch opens a connection that closes the gap before what the leader has said.
// It ends as soon as it has; meanwhile it is as good as any.
func (m *member) catch() {
	m.timer.Reset(m.within)
	m.dial(m.catchUp, m.overhaul)
}

// overhaul deals with the signals of that connection.
func (m *member) overhaul(signals []Signal) {
	ended := false
	for _, s := range signals {
		if s.Kind == FrameArrived {
			m.note(s.Frame)
		}
		ended = ended || s.Kind == ConnectionFailed || s.Kind == FrameArrived && final(s.Frame)
	}
	m.emit(signals...)
	if ended {
		m.retire()
		return
	}
	m.join()
}

// arrived returns frames as signals.
func arrived(frames []Frame) []Signal {
	signals := make([]Signal, len(frames))
	for i, f := range frames {
		signals[i] = Signal{Kind: FrameArrived, ReadyState: ReadyOpen, Frame: f}
	}
	return signals
}

// beatOf returns how long a stream is silent at most.
func beatOf(h *wire.Hello) time.Duration {
	if h == nil || h.Beat <= 0 {
		return 15 * time.Second
	}
	return time.Duration(h.Beat) * time.Millisecond
}
