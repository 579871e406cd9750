package source

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

// read deals with one frame. A server that refuses or leaves may say so before
// its hello; anything else without one, or instead of an announced reset, is
// not a stream to follow, and applying it could leave a gap unseen.
func (l *loop) read(f transport.Frame) {
	l.note(Trace{Kind: FrameRead, Frame: f})
	switch {
	case f.Name == wire.FaultName:
		l.readFault(f)
	case f.Name == wire.ByeName:
		l.readBye(f)
	case f.Name == wire.HelloName:
		l.readHello(f)
	case !l.mode.greeted():
		l.wait(Reason{Text: "the stream did not begin with a hello"}, 0)
	case f.Name == wire.ResetName:
		l.readReset(f)
	case l.mode == awaitingReset:
		l.wait(Reason{Text: "the stream did not bring the reset it announced"}, 0)
	default:
		l.follow(f)
	}
}

// readHello begins a stream, unless the page would misread it: then nothing of
// it is applied.
func (l *loop) readHello(f transport.Frame) {
	var hello wire.Hello
	if !l.decode(f, &hello) {
		l.wait(Reason{Text: "the server's hello cannot be understood"}, 0)
		return
	}
	verdict, misread := judge(hello, l.uses)
	if l.skew = verdict; verdict == SkewIncompatible {
		l.standing = hint(hello.Retry)
		l.standOff(Reason{Text: "the server speaks another version of " + misread})
		return
	}
	id := f.Position() // absent before a reset
	if hello.Mode != wire.Reset && !continues(&hello, id, l.after) {
		l.wait(foreign, 0)
		return
	}
	l.greet(hello, id)
}

// greet takes note of what a stream promises.
func (l *loop) greet(hello wire.Hello, id event.ID) {
	as := awaitingReset
	if hello.Mode != wire.Reset {
		as = live
	}
	l.prompted, l.repeats, l.instead = false, 0, event.ID{}
	l.standing = hint(hello.Retry)
	l.timeout = heartbeatTimeout(&hello)
	l.due = l.in(l.opts.Backoff.Healthy)
	if as == live && l.ahead(id) {
		l.advance(id)
	}
	l.enter(as, State{ReadyState: transport.ReadyOpen, Attempt: l.state.Attempt})
}

// foreign ends a stream that goes on elsewhere than where the page stands,
// without a reset. The next try asks again with the old position, and the
// server has another chance to reset it.
var foreign = Reason{Text: "the stream does not continue where the page stands"}

// continues reports whether a stream that starts at id, without a reset, leaves
// no gap after a position.
func continues(hello *wire.Hello, id, after event.ID) bool {
	switch {
	case after.IsZero():
		return true
	case hello.Epoch != after.Epoch(), !id.IsZero() && id.Epoch() != after.Epoch():
		return false
	default: // a server that says live has not looked at the position
		return hello.Mode == wire.Resumed || id.Seq() <= after.Seq()
	}
}

// readReset moves the position, perhaps backwards or to another log.
func (l *loop) readReset(f transport.Frame) {
	var info wire.ResetInfo
	l.decode(f, &info) // without its reason it is still a reset
	m, err := f.Meta()
	if err != nil {
		l.fail(&event.DecodeError{Type: f.Name, Data: []byte(f.Data), Err: err})
	}
	l.parkJoins()
	clear(l.floors)
	l.shift(live)
	l.startOver(info)
	l.advance(m.ID)
}

// follow deals with a frame that moves the position forward: an event or a
// heartbeat. What the page has seen already is dropped.
func (l *loop) follow(f transport.Frame) {
	m, err := f.Meta()
	switch id := m.ID; {
	case f.Name == wire.HeartbeatName && f.LastEventID == "":
		// It only says that the stream is alive.
	case err != nil:
		l.fail(&event.DecodeError{Type: f.Name, Data: []byte(f.Data), Err: err})
	case !l.after.IsZero() && id.Epoch() != l.after.Epoch():
		l.wait(foreign, 0)
	case l.ahead(id) && f.Name != wire.HeartbeatName && (!l.follows(m.Topic) || id.Seq() <= l.floors[m.Topic]):
		l.note(Trace{Kind: FrameDropped, Frame: f})
		l.advance(id)
	case l.ahead(id) || !id.IsZero() && id == l.passed:
		l.deliver(f, m)
		l.advance(id)
	default:
		l.note(Trace{Kind: FrameDropped, Frame: f})
	}
}

// ahead reports whether the page has yet to see an id of its log.
func (l *loop) ahead(id event.ID) bool {
	return !id.IsZero() && (l.after.IsZero() || id.Seq() > l.after.Seq())
}

// readBye ends a stream that the server closes on purpose.
func (l *loop) readBye(f transport.Frame) {
	var bye wire.Bye
	l.decode(f, &bye) // without its hint it is still a bye
	l.wait(Reason{Text: "the server closed the stream", Bye: &bye}, hint(bye.Retry))
}

// readFault ends a stream that the server refuses.
func (l *loop) readFault(f transport.Frame) {
	var refusal wire.Fault
	switch {
	case !l.decode(f, &refusal) || refusal.Code == "": // what may pass must not end the source
		l.wait(Reason{Text: "the server refused the stream"}, 0)
	default:
		l.refuse(Reason{Text: refusal.Message, Fault: &refusal.Error}, hint(refusal.Wait))
	}
}

// decode reads the data of a control frame and reports whether it could.
func (l *loop) decode(f transport.Frame, into any) bool {
	err := json.Unmarshal([]byte(f.Data), into)
	if err != nil {
		l.fail(&event.DecodeError{Type: f.Name, Data: []byte(f.Data), Err: err})
	}
	return err == nil
}

// isFinal reports whether a refusal stands until the user or the program acts.
func isFinal(e *fault.Error) bool {
	return !e.Retry || e.Code == fault.Unauthenticated || e.Code == fault.Forbidden
}

// refuse deals with the server's own word that it refuses the stream.
func (l *loop) refuse(why Reason, floor time.Duration) {
	if isFinal(why.Fault) {
		l.rest(refused, why)
		return
	}
	l.wait(why, floor)
}

// lose deals with a connection that ended without a bye. A browser reports
// no more to its page: not the status, not what went wrong.
func (l *loop) lose(s transport.Signal) {
	var refusal *fault.Error
	var answer *transport.AnswerError
	if s.Err == nil && !l.mode.greeted() && s.ReadyState == transport.ReadyClosed {
		l.reportReady(s.ReadyState)
		l.inquire()
		return
	}
	l.setReady(s.ReadyState)
	switch {
	case errors.As(s.Err, &answer):
		l.decide(finding{Answer: answer.Answer})
	case errors.As(s.Err, &refusal):
		l.refuse(Reason{Text: refusal.Message, Fault: refusal}, 0)
	case s.Err != nil:
		l.wait(Reason{Text: s.Err.Error()}, 0)
	case l.mode.greeted():
		l.wait(Reason{Text: "the connection was lost"}, 0)
	default:
		l.wait(Reason{Text: "the server cannot be reached"}, 0)
	}
}

// errDropped is the end of a connection by Drop or Gap.
var errDropped = errors.New("a developer dropped the connection")

// cut breaks the connection, if there is one, as a network would.
func (l *loop) cut() {
	if l.mode.connected() {
		l.lose(transport.Signal{ReadyState: transport.ReadyConnecting, Err: errDropped})
	}
}

// judge deals with what was found.
func (l *loop) judge(f finding) {
	url := l.inquiry.url
	l.drop()
	l.note(Trace{Kind: Probed, URL: url, Answer: f.Answer, Err: f.err})
	l.decide(f)
}

// decide does what an answer that is no stream calls for.
func (l *loop) decide(f finding) {
	why := f.reason()
	switch {
	case f.err != nil:
		l.wait(why, 0)
	case f.MayOpen() && l.repeats == 0:
		l.repeats++
		l.try(l.mode.open(), l.state.Attempt, l.state.Reason)
	case f.MayOpen():
		l.choice.learn(obstacle)
		l.wait(why, 0)
	case f.Status == 204: // HTML Standard, section 9.2.3
		l.end(why)
	case f.IsRefusal():
		l.rest(refused, why)
	default:
		l.wait(why, min(f.Wait(l.opts.Environment.Now()), maxHint))
	}
}
