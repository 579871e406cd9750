package source

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// stopped reports whether Close was called, after which no function of the page
// begins but the last OnState.
func (l *loop) stopped() bool {
	select {
	case <-l.closing:
		return true
	default:
		return false
	}
}

// over reports whether nothing is to be done any more.
func (l *loop) over() bool { return l.mode == closed || l.stopped() }

// enter changes the mode, and makes next the state, which is reported to the page. The
// position is kept, and the phase is the mode's.
func (l *loop) enter(m mode, next State) {
	l.mode = m
	if !m.greeted() {
		l.quiet = moment{}
	}
	l.mu.Lock()
	next.Phase, next.Position, next.Transport, next.Skew = m.phase(), l.after, l.carrier, l.skew
	old := l.state
	l.state = next
	l.mu.Unlock()
	old.Position = next.Position
	if next == old || l.stopped() && m != closed {
		return
	}
	l.note(Trace{Kind: StateChanged, State: next})
	for _, fn := range l.onState {
		fn(next)
	}
}

// shift changes to a mode of the same phase, which is not reported to the page.
func (l *loop) shift(m mode) { l.mode = m }

// reportReady reports the transport's ready state to the page.
func (l *loop) reportReady(r transport.ReadyState) {
	next := l.state
	next.ReadyState = r
	l.enter(l.mode, next)
}

// setReady leaves that to the state that follows.
func (l *loop) setReady(r transport.ReadyState) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.state.ReadyState = r
}

// advance makes id the position to resume from.
func (l *loop) advance(id event.ID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.after, l.state.Position = id, id
}

// note reports to OnTrace. It costs nothing without an OnTrace.
func (l *loop) note(t Trace) {
	if len(l.onTrace) == 0 || l.stopped() && t.State.Phase != Closed {
		return
	}
	t.At = l.now().wall
	for _, fn := range l.onTrace {
		fn(t)
	}
}

// console takes errors without an OnError. Package log would be 3 KB of the
// packed page.
var console io.Writer = os.Stderr

// fail reports a frame that could not be understood to the page.
func (l *loop) fail(err error) {
	l.note(Trace{Kind: FrameFailed, Err: err})
	if len(l.onError) == 0 {
		fmt.Fprintln(console, "source:", err)
	}
	for _, fn := range l.onError {
		fn(err)
	}
}

// deliver calls the functions for an event. A heartbeat has none, and is the last
// with its id. Nor has an event in a form that is newer than the page: the one for
// this page may follow under the same id. An EventSource drops what has no
// listener, others do not.
func (l *loop) deliver(f transport.Frame, m event.Meta) {
	l.passed = event.ID{}
	if l.handlers[f.Name] == nil && f.Name != wire.HeartbeatName {
		l.passed = m.ID
	}
	for _, fn := range l.handlers[f.Name] {
		l.changed()
		if err := fn(m, []byte(f.Data)); err != nil {
			l.fail(err)
		}
	}
}

// startOver calls the functions for a reset.
func (l *loop) startOver(info wire.ResetInfo) {
	l.changed()
	for _, fn := range l.onReset {
		fn(info)
	}
}

// changed notes that what the page shows changes, and sets when OnBatch is called
// for it: the first of a burst is reported at once, and what follows at most once a
// frame of the screen.
func (l *loop) changed() {
	if !l.batch.isSet() {
		l.batch = l.in(time.Until(l.batched.Add(l.opts.Pace)))
	}
}

// pace calls OnBatch if it is time.
func (l *loop) pace() {
	if l.batch.isSet() && l.batch.past(l.now()) {
		l.flush()
	}
}

// flush calls OnBatch if anything has changed, and stores the position that the
// page has now received in full.
func (l *loop) flush() {
	if !l.batch.isSet() || l.over() {
		return
	}
	l.batch, l.batched = moment{}, time.Now()
	for _, fn := range l.onBatch {
		fn()
	}
	if l.opts.UnsafeResumeAfterReload && len(without(l.opts.Topics, l.Topics())) == 0 { // the page stores what belongs to the position
		l.opts.Storage.Set(l.opts.positionKey(), l.after.String())
	}
}
