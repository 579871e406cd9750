package source

import (
	"time"

	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

// A Phase says what a source is doing. More may be added: a page that switches
// on it should have a default.
type Phase uint8

// The phases of a source.
const (
	Idle         Phase = iota // not started
	Connecting                // a connection is being made; no hello yet
	Live                      // events arrive as they happen
	Stale                     // the stream fell silent, or the page was away: what it shows may be old
	Waiting                   // for the next try, at State.Until
	Offline                   // as Waiting, but the browser says that there is no network
	Refused                   // the server does not want this page: State.Reason says why; nothing is tried
	Incompatible              // the server speaks another version of an event that this page uses
	Closed                    // for good
)

// String returns the phase in lower case, fit for a CSS class.
func (p Phase) String() string {
	names := [...]string{"idle", "connecting", "live", "stale", "waiting", "offline", "refused", "incompatible", "closed"}
	if int(p) < len(names) {
		return names[p]
	}
	return "unknown"
}

// A State is all there is to know about a source at one moment. States compare
// with ==.
type State struct {
	Phase Phase
	// ReadyState is what the transport reported last, for the curious. While
	// Waiting it distinguishes a connection that broke (connecting) from an answer
	// that was not a stream (closed).
	ReadyState transport.ReadyState
	// Attempt numbers the try that is being made or waited for, from 1. It is
	// 0 once the stream has been healthy for a while.
	Attempt int
	// Until is when the next try begins, while Waiting, Offline or Incompatible.
	Until time.Time
	// Reason is why the source is in any other phase than Connecting or Live.
	Reason Reason
	// Transport is the name of the one in use or tried: "eventsource",
	// "longpoll", "websocket", or what another calls itself by a method
	// Name() string.
	Transport string
	// Position is that of the last frame whose functions have returned: a new
	// source of the same topics that starts after it misses nothing. See
	// [Source.Topics].
	Position event.ID
	// Skew is the verdict on the last hello. It outlives the connection.
	Skew Skew
}

// A Reason says why a stream is not there.
type Reason struct {
	Text   string       // a sentence for people
	Status int          // of the answer that was not a stream, if a probe has asked for it
	Bye    *wire.Bye    // the server's words, if it closed the stream on purpose
	Fault  *fault.Error // the server's words, if it refused the stream
}
