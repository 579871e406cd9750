package sse

import (
	"bytes"
	"sync"
	"time"

	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// firstFrames returns the hello, followed by the reset if the stream begins
// with one. A hello before a reset has no id: a client cut off between the two
// would resume from it and would never get the reset.
func (h *Handler) firstFrames(at fanout.Opening) []byte {
	epoch, head := h.hub.Head()
	hello := wire.Hello{
		Epoch: epoch, Head: head, Mode: at.Mode,
		Heartbeat: int(h.opts.Heartbeat.Milliseconds()), Retry: int(h.retryHint().Milliseconds()),
		Build: h.opts.Build, Time: time.Now().UTC(),
	}
	h.types.once.Do(func() { h.types.encode(event.Schemas(), event.Accepts()) })
	if at.Mode == wire.Reset {
		return append(h.types.frame(event.ID{}, hello), resetFrame(at.Position, at.Reason)...)
	}
	return h.types.frame(at.Position, hello)
}

// helloTypes are the fields of a hello that describe the program's event types, as JSON.
// They are encoded for the first hello, since types are defined while the program's
// packages are initialised: with 20 types that is most of a hello's cost, and 10,000
// clients may come back at once.
type helloTypes struct {
	once            sync.Once
	schema, accepts []byte
}

func (t *helloTypes) encode(schema map[string]string, accepts map[string][]string) {
	t.schema = mustJSON(schema)
	if len(accepts) > 0 { // it is left out like any empty field
		t.accepts = append([]byte(`,"accepts":`), mustJSON(accepts)...)
	}
}

// frame returns the frame of a hello without these fields, with them.
func (t *helloTypes) frame(id event.ID, h wire.Hello) []byte {
	const none = `"schema":null`
	data := mustJSON(h)
	i := bytes.Index(data, []byte(none)) + len(none) - len("null")
	end := len(data) - 1 // accepts is the last field
	all := make([]byte, 0, len(data)+len(t.schema)+len(t.accepts))
	all = append(append(all, data[:i]...), t.schema...)
	all = append(append(all, data[i+len("null"):end]...), t.accepts...)
	dst := appendRetry(nil, time.Duration(h.Retry)*time.Millisecond)
	return appendFrame(dst, id, wire.HelloName, append(all, data[end]))
}

// helloFrame returns the frame of a hello by itself.
func helloFrame(id event.ID, h wire.Hello) []byte {
	var types helloTypes
	types.encode(h.Schema, h.Accepts)
	h.Schema, h.Accepts = nil, nil
	return types.frame(id, h)
}
