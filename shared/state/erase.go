package state

import "github.com/seawaykit/seaway/shared/event"

// An Erasure says nothing but that a topic's state was erased.
type Erasure struct{}

// Erased is the event that erases the state of a topic, of whatever kind: after it
// the state is what a topic begins with. It is published with [event.Latest], which
// removes the topic's earlier events from the log. See States.Erase of package
// server/live.
var Erased = event.Define[Erasure]("state.erased")
