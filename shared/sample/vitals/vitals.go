// Package vitals is a sample contract: what the server says about itself.
// Replace it with your own.
package vitals

import (
	"time"

	"github.com/seawaykit/seaway/shared/event"
)

// Clock is the topic on which the server tells the time, once a second.
const Clock = "clock"

// A Tick is the server's time. Of the ticks of a topic only the newest is kept.
type Tick struct {
	Message string    `json:"message"`
	At      time.Time `json:"at"`
}

// Ticked tells the time.
var Ticked = event.Define[Tick]("clock.ticked")

// Wall is the topic of the server's vital signs. Its events are kept for
// [Window].
const Wall = "vitals"

// Window is how long a sample is kept, and what a chart shows.
const Window = 5 * time.Minute

// A Sample is what one second did to a server. Rates are over that second.
type Sample struct {
	At         time.Time `json:"at"`
	Node       string    `json:"node,omitempty"` // which server, of those that share a log; empty for one that has it to itself
	CPU        float64   `json:"cpu"`            // cores used by the process
	Memory     int64     `json:"memory"`         // resident, in bytes
	Heap       int64     `json:"heap"`           // live objects, in bytes
	Goroutines int       `json:"goroutines"`
	Streams    int       `json:"streams"`    // open, of every transport
	Delivered  float64   `json:"delivered"`  // events handed to readers, a second
	Sent       float64   `json:"sent"`       // bytes handed to readers, a second
	Appended   float64   `json:"appended"`   // events stored, a second
	Append     float64   `json:"append"`     // the median append of the last minute, in milliseconds
	AppendMax  float64   `json:"append_max"` // the slowest of this second
}

// Sampled tells a sample, once a second.
var Sampled = event.Define[Sample]("vitals.sampled")
