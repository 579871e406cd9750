// Package vitals is a sample contract: the server's clock and vital signs. Replace
// it with your own.
package vitals

import (
	"time"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
)

// ClockTopic is the topic of the server's time, published once a second.
const ClockTopic = "clock"

// ClockWindow is how long a tick is retained: a client that comes back within that
// time misses none.
const ClockWindow = 5 * time.Minute

// A Tick is the server's time, to the second. Servers that share a log publish one tick
// a second together.
type Tick struct {
	Message string    `json:"message"`
	At      time.Time `json:"at"`
	// Number is that of the tick before, plus 1: a receiver counts by it what it has
	// missed. It begins at 1 when the log has no tick.
	Number int `json:"number"`
}

// Ticked is the server's time.
var Ticked = event.Define[Tick]("clock.ticked")

// A CutRequest asks to be cut off.
type CutRequest struct{}

// A CutReply says how many connections the server cuts.
type CutReply struct {
	Cut int `json:"cut"`
}

// Cut has the server cut the caller's streams, as a failing network would, and turn them
// away for [CutTime], and once if they come back later: to see how a page comes back.
var Cut = command.Define[CutRequest, CutReply]("clock.cut")

// CutTime is how long streams are turned away after a cut, at least.
const CutTime = 4 * time.Second

// SamplesTopic is the topic of the server's vital signs. Its events are retained
// for [Window].
const SamplesTopic = "vitals"

// Window is how long a sample is retained, and what a chart shows.
const Window = 5 * time.Minute

// A Sample has the vital signs of one server for one second. Rates are over that
// second.
type Sample struct {
	At         time.Time `json:"at"`
	Node       string    `json:"node,omitempty"` // which server, of those that share a log; empty for one that has it to itself
	CPU        float64   `json:"cpu"`            // cores used by the process
	Memory     int64     `json:"memory"`         // resident, in bytes
	Heap       int64     `json:"heap"`           // live objects, in bytes
	Goroutines int       `json:"goroutines"`
	Streams    int       `json:"streams"`    // open, of every transport
	Delivered  float64   `json:"delivered"`  // events sent to clients, a second
	Sent       float64   `json:"sent"`       // bytes sent to clients, a second
	Appended   float64   `json:"appended"`   // events stored, a second
	Append     float64   `json:"append"`     // the median append of the last minute, in milliseconds
	AppendMax  float64   `json:"append_max"` // the slowest of the last minute
}

// Sampled is a sample, published once a second.
var Sampled = event.Define[Sample]("vitals.sampled")
