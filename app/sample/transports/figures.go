package transports

import (
	"time"

	"github.com/seawaykit/seaway/app/source"
	contract "github.com/seawaykit/seaway/shared/sample/transports"
)

// Kinds are the lanes that are measured, in the order in which they are shown.
var Kinds = []contract.Kind{contract.Poll, contract.LongPoll, contract.WebSocket, contract.EventSource}

// Interval is how often the first of them asks.
const Interval = 2 * time.Second

// Figures are all that was measured, at one moment. The zero value is that of a
// page that has not begun.
type Figures struct {
	Running time.Duration // for how long the lanes were open
	Within  time.Duration // how far off the reading of the server's clock may be
	Mute    bool          // the browser has no EventSource
	Failure string        // why the server's figures are missing
	Lanes   map[contract.Kind]*Lane
	Drop    Drop
	Talk    Talk
}

// Lane returns what was measured of one, which may be nothing yet.
func (f *Figures) Lane(kind contract.Kind) *Lane {
	if l := f.Lanes[kind]; l != nil {
		return l
	}
	return &Lane{}
}

// A Lane is what was measured of one.
type Lane struct {
	Phase  source.Phase
	Reason string // why it is not live

	Messages, Missed, CaughtUp int

	Delayed       bool // Median and Worst are known
	Median, Worst time.Duration

	Reconnects int
	Back       time.Duration // how long it took to be live after the last drop; 0: not yet
	Bars       [Bars]int     // arrivals, the oldest first

	Count    contract.Count
	Asked    int // how often the server was asked for Count
	HeldThen int // and how often the lane held a connection just then
}

// A Drop is what a cut has shown.
type Drop struct {
	Stage Stage
	Cut   int // connections

	EventSource Trail // of one that the browser was left alone with
	WebSocket   Trail

	Failure string // of the newest; the rest is an earlier one's then
}

// A Talk is what an exchange of words has shown.
type Talk struct {
	Stage   Stage
	Rounds  int
	Socket  time.Duration // the median of a question and its answer on the socket
	Post    time.Duration // and by a POST beside the stream
	Heard   int           // pulses that came on the socket meanwhile
	Failure string        // as of a drop
}

// A Stage says how far an experiment has come.
type Stage uint8

// The stages.
const (
	Untried Stage = iota
	Trying
	Tried
)

// A Trail is what became of a connection that nobody but the browser looks after.
type Trail struct {
	Absent bool  // the browser has none of this kind, or it did not open
	States []int // its readyStates, from the one before the cut
	Back   time.Duration
	// Watched is for how long after the cut it was looked at.
	Watched time.Duration
}

// WasCut reports whether there is anything to tell: over HTTP/2 a connection is
// everybody's, and is left alone.
func (t *Trail) WasCut() bool { return len(t.States) > 1 && !t.Absent }

// Returned reports whether it was open again.
func (t *Trail) Returned() bool { return t.Back > 0 }
