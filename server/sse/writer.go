package sse

import (
	"errors"
	"net/http"
	"time"
)

// A writer writes whole frames to a response, with a deadline for each batch.
type writer struct {
	w       http.ResponseWriter
	rc      *http.ResponseController
	timeout time.Duration
}

func newWriter(w http.ResponseWriter, timeout time.Duration) *writer {
	return &writer{w: w, rc: http.NewResponseController(w), timeout: timeout}
}

// head sets the response's headers. There is no Connection header: HTTP/1.1
// keeps connections alive by default and HTTP/2 forbids it.
func (o *writer) head() {
	h := o.w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx would hold the stream back
	h.Set("X-Content-Type-Options", "nosniff")
	o.w.WriteHeader(http.StatusOK)
}

// write writes the frames and flushes them, all within the timeout. The deadline
// is cleared afterwards: on HTTP/2 one that has passed cannot be set again. It
// is left in place after a failure, so that net/http's own last write to a
// reader that is stuck fails at once instead of never.
//
// A response that has no deadlines or cannot be flushed is a mistake in the
// server's wiring: a middleware without Unwrap.
func (o *writer) write(frames ...[]byte) error {
	if err := o.rc.SetWriteDeadline(time.Now().Add(o.timeout)); err != nil {
		return errors.Join(errors.New("sse: the response cannot be given a deadline"), err)
	}
	for _, f := range frames {
		if _, err := o.w.Write(f); err != nil {
			return err
		}
	}
	if err := o.rc.Flush(); err != nil {
		return err
	}
	return o.rc.SetWriteDeadline(time.Time{})
}
