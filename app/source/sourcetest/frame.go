package sourcetest

import (
	"encoding/json"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// Event returns the frame of an event.
func Event[T any](t event.Type[T], id event.ID, v T) source.Frame {
	return frame(t.Name(), id, v)
}

// Hello returns the frame that begins a stream at a position; the zero ID
// before a reset. Its epoch is that of the position.
func Hello(mode wire.Mode, at event.ID) source.Frame {
	return frame(wire.HelloName, at, wire.Hello{Epoch: at.Epoch(), Head: at, Mode: mode})
}

// HelloFrom is [Hello] with all that a server may say in it.
func HelloFrom(h wire.Hello, at event.ID) source.Frame { return frame(wire.HelloName, at, h) }

// Beat returns the frame of a quiet stream.
func Beat(head event.ID) source.Frame {
	return source.Frame{Name: wire.BeatName, Data: head.String(), LastEventID: head.String()}
}

// Reset returns the frame that starts a page over at a position.
func Reset(at event.ID, why wire.Reason) source.Frame {
	return frame(wire.ResetName, at, wire.ResetInfo{Reason: why})
}

// Bye returns the frame of a planned end. A browser gives it the id of the
// frame before; the source does not look at it.
func Bye(b wire.Bye) source.Frame { return frame(wire.ByeName, event.ID{}, b) }

// Fault returns the frame of a refusal.
func Fault(f wire.Fault) source.Frame { return frame(wire.FaultName, event.ID{}, f) }

func frame(name string, id event.ID, v any) source.Frame {
	data, err := json.Marshal(v)
	if err != nil {
		panic("sourcetest: " + err.Error())
	}
	return source.Frame{Name: name, Data: string(data), LastEventID: id.String()}
}
