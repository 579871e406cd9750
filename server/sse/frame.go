package sse

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

// encodeEvent returns the frame of an event: its id, topic and time as the id (see
// [event.Meta]), its type as the event name, and its payload as data.
//
// The frame is a chunk of HTTP/1.1's (RFC 9112, section 7.1), since that is how
// most streams write it, all of them from the same bytes. unchunk takes it out.
//
// Behind it come frames with the same id for the older forms that event.Upcast
// joins to the type, if any. The newest is the first: a page takes the first
// frame with an id that it understands and drops the others. To the hub all of
// them are one frame, so no batch ends between them. Only a client that acts on
// an id without having understood the frame could lose an older form, if it is
// cut off right there; package source does not.
func encodeEvent(e event.Event) []byte {
	meta := e.Meta()
	size := frameSize(meta.Topic, e.Type(), e.Data())
	older := event.OlderForms(e.Type(), e.Data())
	for _, f := range older {
		size += frameSize(meta.Topic, f.Name, f.Data)
	}
	dst := appendEvent(newChunk(size), meta, e.Type(), e.Data())
	for _, f := range older {
		dst = appendEvent(dst, meta, f.Name, f.Data)
	}
	return closeChunk(dst)
}

// frameSize bounds an event's frame, if the payload has no line ends.
func frameSize(topic, name string, data []byte) int {
	const fields = len("id:   \nevent: \ndata: \n\n") + 40 + 20 // the longest id and time
	return fields + len(topic) + len(name) + len(data)
}

// appendEvent appends one frame of an event (HTML Standard, section 9.2.5). Neither
// id, topic nor name can hold a line end: their types see to that.
func appendEvent(dst []byte, meta event.Meta, name string, data []byte) []byte {
	dst, _ = meta.AppendText(append(dst, "id: "...)) // it never fails
	return appendFields(append(dst, '\n'), name, data)
}

// appendFrame appends one frame that is no event.
func appendFrame(dst []byte, id event.ID, name string, data []byte) []byte {
	if !id.IsZero() {
		dst, _ = id.AppendText(append(dst, "id: "...)) // it never fails
		dst = append(dst, '\n')
	}
	return appendFields(dst, name, data)
}

func appendFields(dst []byte, name string, data []byte) []byte {
	dst = append(append(append(dst, "event: "...), name...), '\n')
	return append(appendData(dst, data), '\n')
}

// appendData appends the data lines. A CR ends a line as an LF does, so a
// payload that holds either is split there: written raw, it could begin a frame
// of its own. The reader gets each line end as LF. An empty payload is an empty
// line: without one the browser would not dispatch the event.
func appendData(dst, data []byte) []byte {
	for {
		i := bytes.IndexAny(data, "\r\n")
		if i < 0 {
			return append(append(append(dst, "data: "...), data...), '\n')
		}
		dst = append(append(append(dst, "data: "...), data[:i]...), '\n')
		if data[i] == '\r' && i+1 < len(data) && data[i+1] == '\n' {
			i++
		}
		data = data[i+1:]
	}
}

func heartbeatFrame(head event.ID) []byte {
	return appendFrame(nil, head, wire.HeartbeatName, []byte(head.String()))
}

func resetFrame(id event.ID, reason wire.Reason) []byte {
	return appendJSON(nil, id, wire.ResetName, wire.ResetInfo{Reason: reason})
}

func byeFrame(retry time.Duration, reason string) []byte {
	dst := appendRetry(nil, retry)
	return appendJSON(dst, event.ID{}, wire.ByeName, wire.Bye{Retry: int(retry.Milliseconds()), Reason: reason})
}

func faultFrame(retry time.Duration, e *fault.Error) []byte {
	data := wire.Fault{Error: *e, Wait: int(retry.Milliseconds())}
	return appendJSON(appendRetry(nil, retry), event.ID{}, wire.FaultName, data)
}

// appendRetry appends the retry field, which sets how long the browser waits
// before it reconnects.
func appendRetry(dst []byte, d time.Duration) []byte {
	dst = strconv.AppendInt(append(dst, "retry: "...), d.Milliseconds(), 10)
	return append(dst, '\n')
}

// appendJSON appends a control frame.
func appendJSON(dst []byte, id event.ID, name string, v any) []byte {
	return appendFrame(dst, id, name, mustJSON(v))
}

// mustJSON encodes a value of this module's own types, all of which encode.
func mustJSON(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic("sse: " + err.Error())
	}
	return data
}
