package source

import "time"

// A Trace is one thing that happened to a source, for an inspector. Which fields
// it has depends on the kind.
type Trace struct {
	Kind TraceKind
	At   time.Time // on the wall clock

	Transport string // of Dialed
	URL       string // of Dialed and Probed
	Frame     Frame  // of FrameRead, FrameDropped
	Err       error  // of FrameFailed, and of a probe that failed
	State     State  // of StateChanged
	Answer    Answer // of Probed
	Poke      Poke   // of Poked
}

// A TraceKind says what happened. More may be added.
type TraceKind uint8

// The kinds of traces.
const (
	Dialed       TraceKind = iota + 1 // a connection was begun
	FrameRead                         // a frame came, of whatever kind
	FrameDropped                      // it was one that the page had seen
	FrameFailed                       // it could not be understood
	StateChanged                      // the page was told a new state
	Probed                            // a probe said why there is no stream
	Poked                             // the environment told of something
)

// OnTrace has fn called with everything that happens, on the source's goroutine
// and before the functions that the page is told by. It is for developers'
// tools: a source without it takes no notes.
func (s *Source) OnTrace(fn func(Trace)) {
	s.configure(func() { s.onTrace = append(s.onTrace, fn) })
}

// note tells of something. It costs nothing if nobody listens.
func (l *loop) note(t Trace) {
	if len(l.onTrace) == 0 || l.stopped() && t.State.Phase != Closed {
		return
	}
	t.At = l.now().wall
	for _, fn := range l.onTrace {
		fn(t)
	}
}
