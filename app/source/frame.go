package source

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// names lists the frames to listen for: an EventSource drops what nobody
// listens for by name.
func (l *loop) names() []string {
	return slices.Concat(wire.Names, slices.Sorted(maps.Keys(l.handlers)))
}

// read deals with one frame. A server that refuses or leaves may say so before
// its hello; anything else without one, or instead of an announced reset, is
// not a stream to follow, and applying it could leave a gap unseen.
func (l *loop) read(f Frame) {
	l.note(Trace{Kind: FrameRead, Frame: f})
	switch {
	case f.Name == wire.FaultName:
		l.readFault(f)
	case f.Name == wire.ByeName:
		l.readBye(f)
	case f.Name == wire.HelloName:
		l.readHello(f)
	case !l.greeted:
		l.wait(Reason{Text: "the stream did not begin with a hello"}, 0)
	case f.Name == wire.ResetName:
		l.readReset(f)
	case l.void:
		l.wait(Reason{Text: "the stream did not bring the reset it announced"}, 0)
	default:
		l.follow(f)
	}
}

// readHello begins a stream.
func (l *loop) readHello(f Frame) {
	hello, ok := decode[wire.Hello](l, f)
	if !ok {
		l.wait(Reason{Text: "the server's hello cannot be understood"}, 0)
		return
	}
	if !l.understands(hello) {
		return
	}
	id, _ := event.ParseID(f.LastEventID) // absent before a reset
	if hello.Mode != wire.Reset && !continues(&hello, id, l.after) {
		l.wait(foreign, 0)
		return
	}
	l.greet(hello)
	if !l.void && l.ahead(id) {
		l.advance(id)
	}
	l.become(State{Phase: Live, ReadyState: ReadyOpen, Attempt: l.state.Attempt})
}

// helloOf returns the hello that a frame is, or nil.
func helloOf(f Frame) *wire.Hello {
	hello := &wire.Hello{}
	if f.Name != wire.HelloName || json.Unmarshal([]byte(f.Data), hello) != nil {
		return nil
	}
	return hello
}

// greet takes note of what a stream promises.
func (l *loop) greet(hello wire.Hello) {
	l.greeted, l.void = true, hello.Mode == wire.Reset
	l.prompted, l.reprieve, l.astray = false, false, false
	l.standing = hint(hello.Retry)
	l.patience = patience(&hello)
	l.due = l.in(l.opts.Backoff.Healthy)
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
func (l *loop) readReset(f Frame) {
	info, _ := decode[wire.ResetInfo](l, f) // without its reason it is still a reset
	id, err := event.ParseID(f.LastEventID)
	if err != nil {
		l.fail(&event.DecodeError{Type: f.Name, Data: []byte(f.Data), Err: err})
	}
	l.void, l.dirty = false, true
	for _, fn := range l.onReset {
		fn(info)
	}
	l.advance(id)
}

// follow deals with a frame that moves the position forward: an event or a
// beat. What the page has seen already is dropped.
func (l *loop) follow(f Frame) {
	id, err := event.ParseID(f.LastEventID)
	switch {
	case f.Name == wire.BeatName && f.LastEventID == "":
		// It only says that the stream is alive.
	case err != nil:
		l.fail(&event.DecodeError{Type: f.Name, Data: []byte(f.Data), Err: err})
	case !l.after.IsZero() && id.Epoch() != l.after.Epoch():
		l.wait(foreign, 0)
	case l.ahead(id) || !id.IsZero() && id == l.passed:
		l.deliver(f, id)
		l.advance(id)
	default:
		l.note(Trace{Kind: FrameDropped, Frame: f})
	}
}

// ahead reports whether the page has yet to see an id of its log.
func (l *loop) ahead(id event.ID) bool {
	return !id.IsZero() && (l.after.IsZero() || id.Seq() > l.after.Seq())
}

// deliver calls the functions for an event. A beat has none, and is the last with
// its id. Nor has an event in a form that is newer than the page: the one for
// this page may follow under the same id. An EventSource drops what nobody
// listens for, others do not.
func (l *loop) deliver(f Frame, id event.ID) {
	l.passed = event.ID{}
	if l.handlers[f.Name] == nil && f.Name != wire.BeatName {
		l.passed = id
	}
	for _, fn := range l.handlers[f.Name] {
		l.dirty = true
		if err := fn(id, []byte(f.Data)); err != nil {
			l.fail(err)
		}
	}
}

// readBye ends a stream that the server closes on purpose.
func (l *loop) readBye(f Frame) {
	bye, _ := decode[wire.Bye](l, f) // without its hint it is still a bye
	l.wait(Reason{Text: "the server closed the stream", Bye: &bye}, hint(bye.Retry))
}

// readFault ends a stream that the server refuses.
func (l *loop) readFault(f Frame) {
	refusal, ok := decode[wire.Fault](l, f)
	switch {
	case !ok || refusal.Code == "": // what may pass must not end the source
		l.wait(Reason{Text: "the server refused the stream"}, 0)
	default:
		l.heed(Reason{Text: refusal.Message, Fault: &refusal.Error}, hint(refusal.Wait))
	}
}

// decode reads the data of a control frame and reports whether it could.
func decode[T any](l *loop, f Frame) (v T, ok bool) {
	err := json.Unmarshal([]byte(f.Data), &v)
	if err != nil {
		l.fail(&event.DecodeError{Type: f.Name, Data: []byte(f.Data), Err: err})
	}
	return v, err == nil
}

// console takes errors that nobody asked for. Package log would be 3 KB of the
// packed page.
var console io.Writer = os.Stderr

// fail tells the page about a frame that could not be understood.
func (l *loop) fail(err error) {
	l.note(Trace{Kind: FrameFailed, Err: err})
	if len(l.onError) == 0 {
		fmt.Fprintln(console, "source:", err)
	}
	for _, fn := range l.onError {
		fn(err)
	}
}
