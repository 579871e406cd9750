package source

import (
	"time"

	"github.com/seawaykit/seaway/app/transport"
)

// A Trace is one thing that happened to a source, for an inspector. Which fields
// it has depends on the kind.
type Trace struct {
	Kind TraceKind
	At   time.Time // on the wall clock

	Transport string           // of Dialed
	Signal    transport.Signal // of Signalled
	URL       string           // of Dialed and Probed
	Frame     transport.Frame  // of FrameRead, FrameDropped
	Err       error            // of FrameFailed, and of a probe that failed
	State     State            // of StateChanged
	Answer    transport.Answer // of Probed
	PageEvent PageEvent        // of Poked
}

// A TraceKind says what happened. More may be added.
type TraceKind uint8

// The kinds of traces.
const (
	Dialed            TraceKind = iota + 1 // a connection was begun
	FrameRead                              // a frame came, of whatever kind
	FrameDropped                           // it was one that the page had seen
	FrameFailed                            // it could not be understood
	StateChanged                           // a new state was reported to the page
	Probed                                 // a probe said why there is no stream
	PageEventReceived                      // the environment reported a page event
	Signalled                              // the transport reported an open, a frame or an error
)

// OnTrace has fn called with everything that happens, on the source's goroutine
// and before the page's functions are called. It is for developers'
// tools: a source without it takes no notes.
func (s *Source) OnTrace(fn func(Trace)) {
	s.configure(func() { s.onTrace = append(s.onTrace, fn) })
}
