package source

import (
	"cmp"
	"time"

	"github.com/seawaykit/seaway/shared/wire"
)

// seek asks for the lock.
func (m *member) seek(steal bool) {
	m.sought++
	m.heir = false
	request := m.sought
	then := func(do func()) {
		m.mail.put(func() {
			if m.role != retired && m.sought == request {
				do()
			}
		})
	}
	m.group.seek(steal, outcome{
		granted: func() { then(m.inherit) },
		lost:    func(stolen bool) { then(func() { m.depose(stolen) }) },
	})
}

// inherit deals with getting the lock. It travels on another path than words do
// and may be faster than why the leader let it go: whether its tab has closed,
// or its connection has ended, in which case this one has ended too. Otherwise
// one tab after the other would try to connect at once, without a wait between.
func (m *member) inherit() {
	if m.vacant {
		m.lead()
		return
	}
	m.heir = true
	m.timer.Reset(m.within / 100)
}

// lead makes the member the leader.
func (m *member) lead() {
	m.role, m.heir = leading, false
	m.renew(m.term)
	m.say(word{Kind: lead})
	m.astray()
	m.timer.Reset(m.within)
	m.dial(m.inner, m.relay)
}

// renew begins a term that comes after another.
func (m *member) renew(known term) {
	m.term = term{N: max(time.Now().UnixMilli(), known.N+1), ID: uint32(newName(m.random))}
}

// relay passes on what the leader's connection says.
//
// The end is passed on as an end: every source deals with it as with its own,
// by the same hint, and the first to come back leads. A reset is not passed on.
// It is about the leader's position, and another tab's, even an equal one, may
// need none or another: a new term begins after it, and who does not find its
// own position in that asks the server.
func (m *member) relay(signals []Signal) {
	at, frames := m.pos(), []Frame(nil)
	flush := func() {
		if m.greeted && len(frames) > 0 {
			m.say(word{Kind: tell, At: at, Frames: frames})
		}
		at, frames = m.pos(), nil
	}
	ended := false
	for _, s := range signals {
		m.carrier = cmp.Or(s.Transport, m.carrier)
		switch f := s.Frame; {
		case s.Kind == ConnectionFailed, s.Kind == FrameArrived && final(f):
			flush()
			m.sayOver(s)
			ended = true
		case s.Kind != FrameArrived:
		case f.Name == wire.HelloName || f.Name == wire.ResetName:
			flush()
			m.begin(f)
			at = m.pos()
		default:
			m.note(f)
			frames = append(frames, f)
		}
	}
	flush()
	m.emit(signals...)
	if ended {
		m.retire()
	}
}

// begin deals with a frame that says where a stream begins.
func (m *member) begin(f Frame) {
	if m.note(f); !m.greeted {
		return
	}
	m.timer.Stop()
	if f.Name == wire.ResetName {
		m.renew(m.term)
	}
	m.say(word{Kind: tell, At: m.pos(), Hello: m.greeting(), Name: m.carrier})
}

// greeting is the server's hello as it would be now.
func (m *member) greeting() *wire.Hello {
	hello := *m.hello
	hello.Head = m.pos()
	hello.Time = hello.Time.Add(time.Since(m.heard))
	return &hello
}

func (m *member) sayOver(s Signal) {
	w := word{Kind: over}
	if s.Kind == FrameArrived {
		w.Frames = []Frame{s.Frame}
	} else {
		w.Failure = newFailure(s)
	}
	m.say(w)
}

// answer tells a follower where the stream is and what it lacks, if that is at
// hand. Who knows of a newer term has met one who slept through the loss of the
// lock.
func (m *member) answer(w word) {
	if m.role != leading {
		return
	}
	if m.term.before(w.Term) {
		m.renew(w.Term)
	}
	if !m.greeted {
		m.say(word{Kind: lead})
		return
	}
	reply := word{Kind: tell, To: w.From, At: m.pos(), Hello: m.greeting(), Name: m.carrier}
	if frames, ok := m.told.after(w.At); ok {
		reply.At, reply.Frames = w.At, frames
	}
	m.say(reply)
}

// depose deals with the loss of the lock: others thought that this tab had hung,
// or the browser does not give locks here.
func (m *member) depose(stolen bool) {
	if m.role == leading {
		m.say(word{Kind: gone})
		m.astray()
		m.role = following
		m.drop()
	}
	if stolen {
		m.seek(false)
		m.ask()
		return
	}
	m.group.leave()
	m.group = nobody{}
	m.lead()
}

// nobody is the group of a tab that is alone.
type nobody struct{}

func (nobody) say(string)         {}
func (nobody) seek(bool, outcome) {}
func (nobody) leave()             {}
