package sse

// NewHandler is New with a hub of the test's.
var NewHandler = newHandler

// EncodeEvent is what a hub of the test's needs to encode, and Frame takes the frame out
// of that.
var (
	EncodeEvent = encodeEvent
	Frame       = unchunk
)

// Wait returns when no stream is left.
func (h *Handler) Wait() { h.streams.Wait() }
