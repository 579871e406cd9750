package source

import (
	"slices"

	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// receive deals with what a join's connection has brought.
func (j *join) receive(l *loop) {
	in := j.inbox
	for _, s := range in.take() {
		if j.closeConn == nil || j.inbox != in { // that was the end of the connection
			return
		}
		if s.Transport != "" {
			j.carrier = s.Transport
		}
		switch s.Kind {
		case transport.FrameArrived:
			l.note(Trace{Kind: FrameRead, Frame: s.Frame})
			j.read(l, s.Frame)
		case transport.ConnectionFailed:
			l.loseJoin(j, s)
		}
	}
}

// read deals with one frame.
func (j *join) read(l *loop, f transport.Frame) {
	m, _ := f.Meta()
	switch {
	case f.Name == wire.FaultName:
		var refusal wire.Fault
		if l.decode(f, &refusal) && refusal.Code != "" {
			l.refuseJoin(j, Reason{Text: refusal.Message, Fault: &refusal.Error}, hint(refusal.Wait))
		} else {
			l.postpone(j, 0)
		}
	case f.Name == wire.ByeName:
		var bye wire.Bye
		l.decode(f, &bye)
		l.postpone(j, hint(bye.Retry))
	case j.hello == nil:
		j.readHello(l, f, m.ID)
	case f.Name == wire.HelloName, f.Name == wire.ResetName, !m.ID.IsZero() && m.ID.Epoch() != l.after.Epoch():
		l.postpone(j, 0)
	case !m.ID.IsZero():
		j.keep(l, f, m)
	}
}

// readHello begins the connection's stream. It is of no use if it does not begin
// where it was asked to, or if its events would be misread.
func (j *join) readHello(l *loop, f transport.Frame, id event.ID) {
	hello := f.Hello()
	fits := hello != nil && hello.Mode != wire.Reset && hello.Epoch == l.after.Epoch()
	if fits {
		verdict, _ := judge(*hello, l.uses)
		fits = verdict != SkewIncompatible && (j.phase == fetching || continues(hello, id, j.at))
	}
	if !fits {
		l.postpone(j, 0)
		return
	}
	j.hello = hello
	if j.phase == fetching {
		j.from = id.Seq()
	}
	j.due = l.in(max(heartbeatTimeout(hello), l.opts.HelloWithin))
	if j.phase == fetching && id.Seq() >= hello.Head.Seq() { // nothing is retained
		j.upTo = id
		l.replace(j)
	}
}

// keep keeps an event for the end, and takes note of how far the connection has come.
//
// All that is retained is there when a heartbeat says so, which the server was asked
// to send, or when an event comes that is newer than the connection. That one is left
// to the next connection: older forms of it may follow.
func (j *join) keep(l *loop, f transport.Frame, m event.Meta) {
	if m.ID.Seq() < j.at.Seq() {
		return // it has come before; older forms have the same number
	}
	isEvent := f.Name != wire.HeartbeatName
	newer := m.ID.Seq() > j.hello.Head.Seq()
	switch {
	case j.phase == fetching && newer && isEvent:
		j.upTo = j.hello.Head
	case j.phase == fetching && isEvent:
		j.retained = append(j.retained, f)
	case j.phase == fetching && m.ID.Seq() >= j.hello.Head.Seq():
		j.upTo = m.ID
	case j.phase == replacing && (m.ID.Seq() > l.after.Seq() || isEvent && slices.Contains(j.topics, m.Topic) && m.ID.Seq() > j.upTo.Seq()):
		j.ahead = append(j.ahead, f)
	}
	j.at = m.ID
	if j.size += signalCost + len(f.Data); j.size > maxQueue {
		l.postpone(j, 0)
	} else if j.phase == fetching && !j.upTo.IsZero() {
		l.replace(j)
	}
}
