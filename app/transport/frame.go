package transport

import (
	"encoding/json"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// A Frame is one message of a stream, as an EventSource dispatches it.
type Frame struct {
	Name        string // its event: field
	Data        string // its data: lines, joined
	LastEventID string // the last id: field so far, empty for none
}

// Meta returns what the id: field says: the position after the frame and, of an
// event, topic and time. The error is [event.ErrID].
func (f Frame) Meta() (event.Meta, error) { return event.ParseMeta(f.LastEventID) }

// Position returns the position after the frame; the zero ID if it has none.
func (f Frame) Position() event.ID {
	m, _ := f.Meta()
	return m.ID
}

// Final reports whether a frame is the last of its stream.
func (f Frame) Final() bool { return f.Name == wire.ByeName || f.Name == wire.FaultName }

// Hello returns the hello that a frame is, or nil.
func (f Frame) Hello() *wire.Hello {
	hello := &wire.Hello{}
	if f.Name != wire.HelloName || json.Unmarshal([]byte(f.Data), hello) != nil {
		return nil
	}
	return hello
}
