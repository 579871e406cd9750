package transports

import (
	"time"

	"github.com/seawaykit/seaway/app/source"
	contract "github.com/seawaykit/seaway/shared/sample/transports"
)

// Kinds are the transports that are measured, in the order in which they are
// shown.
var Kinds = []contract.Kind{contract.Poll, contract.LongPoll, contract.WebSocket, contract.EventSource}

// Interval is the time between two polls.
const Interval = 2 * time.Second

// Figures are all results, at one moment. The zero value is for a page that has
// not begun.
type Figures struct {
	Elapsed       time.Duration // how long was measured
	ClockError    time.Duration // how far off the reading of the server's clock may be
	NoEventSource bool          // the browser has no EventSource
	Failure       error         // why the server's figures are missing
	Results       map[contract.Kind]*Result
	Drop          Drop
	RoundTrip     RoundTrip
}

// Result returns the result of a transport, an empty one if there is none yet.
func (f *Figures) Result(kind contract.Kind) *Result {
	if r := f.Results[kind]; r != nil {
		return r
	}
	return &Result{}
}

// A Result is what was measured of one transport.
type Result struct {
	Phase  source.Phase
	Reason string // why the transport is not live

	Messages, Missed, CaughtUp int

	Delayed       bool // Median and Worst are known
	Median, Worst time.Duration

	Reconnects int
	Recovery   time.Duration // how long it took to be live after the last drop; 0: not yet
	Bars       [Bars]int     // arrivals, the oldest first

	Usage       contract.Usage
	Samples     int // how often Usage was fetched
	SamplesHeld int // and how often the transport held a connection just then
}

// A Drop is the result of cutting the connections.
type Drop struct {
	Stage Stage
	Cut   int // connections

	EventSource StateHistory // of bare connections
	WebSocket   StateHistory

	Failure error // of the newest; the other fields are then of an earlier one
}

// A RoundTrip is the result of timing requests on the socket and by POST.
type RoundTrip struct {
	Stage    Stage
	Rounds   int
	Socket   time.Duration // the median time of a request and its reply on the socket
	Post     time.Duration // and by a POST beside the stream
	Received int           // messages that came on the socket meanwhile
	Failure  error         // as of a drop
}

// A Stage says how far an experiment is.
type Stage uint8

// The stages.
const (
	NotRun Stage = iota
	Running
	Finished
)

// A StateHistory is what became of a connection that only the browser looks after.
type StateHistory struct {
	Absent   bool  // the browser has none of this kind, or it did not open
	States   []int // its readyStates, from the one before the cut
	Recovery time.Duration
	// Observed is how long it was observed after the cut.
	Observed time.Duration
}

// WasCut reports whether the connection was cut. The server leaves connections
// over HTTP/2 alone, since other requests share them.
func (t *StateHistory) WasCut() bool { return len(t.States) > 1 && !t.Absent }

// Returned reports whether the connection was opened again.
func (t *StateHistory) Returned() bool { return t.Recovery > 0 }
