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
