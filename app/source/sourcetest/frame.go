package sourcetest

import (
	"encoding/json"

	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// Event returns the frame of an event, as of a server that does not send topics.
func Event[T any](t event.Type[T], id event.ID, v T) transport.Frame {
	return EventOn(t, event.Meta{ID: id}, v)
}

// EventOn returns the frame of an event with its topic and time.
func EventOn[T any](t event.Type[T], m event.Meta, v T) transport.Frame {
	f := frame(t.Name(), m.ID, v)
	f.LastEventID = m.String()
	return f
}

// Hello returns the frame that begins a stream at a position; the zero ID
// before a reset. Its epoch is that of the position.
func Hello(mode wire.Mode, at event.ID) transport.Frame {
	return frame(wire.HelloName, at, wire.Hello{Epoch: at.Epoch(), Head: at, Mode: mode})
}

// HelloFrom is [Hello] with all that a server may say in it.
func HelloFrom(h wire.Hello, at event.ID) transport.Frame { return frame(wire.HelloName, at, h) }

// Heartbeat returns the frame of a quiet stream.
func Heartbeat(head event.ID) transport.Frame {
	return transport.Frame{Name: wire.HeartbeatName, Data: head.String(), LastEventID: head.String()}
}

// Reset returns the frame that starts a page over at a position.
func Reset(at event.ID, why wire.Reason) transport.Frame {
	return frame(wire.ResetName, at, wire.ResetInfo{Reason: why})
}

// Bye returns the frame of a planned end. A browser gives it the id of the
// frame before; the source does not look at it.
func Bye(b wire.Bye) transport.Frame { return frame(wire.ByeName, event.ID{}, b) }

// Fault returns the frame of a refusal.
func Fault(f wire.Fault) transport.Frame { return frame(wire.FaultName, event.ID{}, f) }

func frame(name string, id event.ID, v any) transport.Frame {
	data, err := json.Marshal(v)
	if err != nil {
		panic("sourcetest: " + err.Error())
	}
	return transport.Frame{Name: name, Data: string(data), LastEventID: id.String()}
}
