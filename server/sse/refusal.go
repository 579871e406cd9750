package sse

import (
	"net/http"

	"github.com/seawaykit/seaway/shared/fault"
)

// refusal returns the answer to a client that was not admitted: see
// carrier.Streams.
func (h *Handler) refusal(r *http.Request, err error) (e *fault.Error, frame []byte) {
	e, ok := fault.From(err)
	if !ok {
		h.opts.Logger.Error("stream failed", "path", r.URL.Path, "error", err)
	}
	if h.opts.Refused != nil {
		h.opts.Refused(r, e)
	}
	if e.Retry || e.Status() >= 500 {
		return e, h.fault(e)
	}
	return e, nil
}

// fault returns the frame of a failure, and counts it.
func (h *Handler) fault(e *fault.Error) []byte {
	h.counters.faults.Add(1)
	return faultFrame(h.retryHint(), e)
}

// forClient returns the error that a client gets for an error of the hub.
func forClient(err error) *fault.Error {
	if e, ok := fault.From(err); ok {
		return e
	}
	return fault.New(fault.Unavailable, "the stream cannot begin just now")
}
