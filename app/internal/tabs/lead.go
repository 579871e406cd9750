package tabs

import (
	"cmp"
	"time"

	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/wire"
)

// lead makes the member the leader, of no other until one asks. A connection of its own
// it keeps.
func (m *member) lead() {
	m.role = alone
	m.renew(m.term)
	m.post(message{Kind: leads})
	m.part()
	m.reach, m.version, m.wants = m.scope, 1, map[uint64]*want{}
	switch m.link {
	case greeted:
		m.timer.Stop()
		m.own.receive = m.relay
	case dialed:
		m.timer.Reset(m.Within)
		m.own.receive = m.relay
	default:
		m.timer.Reset(m.Within)
		m.dial(false, m.relay)
	}
}

// renew begins a term that comes after another.
func (m *member) renew(known term) {
	m.term = term{N: max(time.Now().UnixMilli(), known.N+1), ID: uint32(newName(m.Random))}
}

// relay passes on what the leader's connection brings, to the others only if one
// has asked: otherwise each batch would be encoded and posted for no tab.
//
// The end is passed on as an end: every source deals with it as with its own,
// by the same hint, and the first to come back leads. A reset is not passed on.
// It is about the leader's position, and another tab's, even an equal one, may
// need none or another: a new term begins after it, and a tab that does not find
// its own position in that asks the server.
func (m *member) relay(signals []transport.Signal) {
	at, frames := m.pos(), []transport.Frame(nil)
	flush := func() {
		if m.role == leading && m.link == greeted && len(frames) > 0 {
			m.post(message{Kind: brings, Version: m.version, At: at, Frames: frames})
		}
		at, frames = m.pos(), nil
	}
	ended := false
	for i, s := range signals {
		m.carrier = cmp.Or(s.Transport, m.carrier)
		switch f := s.Frame; {
		case s.Kind == transport.ConnectionFailed, s.Kind == transport.FrameArrived && f.Final():
			flush()
			m.postEnd(s)
			ended = true
			if isRefusal(s) && !m.own.scope.equals(m.scope) {
				signals[i] = broken
			}
		case s.Kind != transport.FrameArrived:
		case f.Name == wire.HelloName || f.Name == wire.ResetName:
			flush()
			m.begin(f)
			at = m.pos()
		default:
			m.note(f)
			if m.role == leading {
				frames = append(frames, f)
			}
		}
	}
	flush()
	m.pass(signals)
	if ended {
		m.retire()
	}
}

// begin deals with a frame that says where a stream begins.
func (m *member) begin(f transport.Frame) {
	if m.note(f); m.link != greeted {
		return
	}
	m.timer.Stop()
	if f.Name == wire.ResetName {
		m.renew(m.term)
	}
	if m.role == leading {
		m.post(m.greeting())
	}
}

// greeting is the server's hello as it would be now.
func (m *member) greeting() message {
	hello := *m.hello
	hello.Head = m.pos()
	hello.Time = hello.Time.Add(time.Since(m.helloAt))
	return message{Kind: brings, Scope: m.reach, Version: m.version, At: m.pos(), Hello: &hello, Name: m.carrier}
}

// answer sends a follower where the stream is and what it lacks, if that is at
// hand. One that knows of a newer term has met a leader that slept through the
// loss of the lock.
func (m *member) answer(question message) {
	if !m.role.leads() {
		return
	}
	m.role = leading
	m.enlist(question)
	if m.term.before(question.Term) {
		m.renew(question.Term)
	}
	if m.link != greeted {
		m.post(message{Kind: leads})
		return
	}
	reply := m.greeting()
	reply.To = question.From
	if frames, ok := m.sent.after(question.At); ok {
		reply.At, reply.Frames = question.At, frames
	}
	m.post(reply)
}
