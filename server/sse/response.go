package sse

import (
	"errors"
	"net/http"
	"sync/atomic"
	"time"
)

// A response writes frames to a request's own response, through net/http.
type response struct {
	w       http.ResponseWriter
	rc      *http.ResponseController
	timeout time.Duration
	isCut   atomic.Bool
}

func newResponse(w http.ResponseWriter, timeout time.Duration) *response {
	return &response{w: w, rc: http.NewResponseController(w), timeout: timeout}
}

// head sends the response's headers. There is no Connection header: HTTP/1.1
// keeps connections alive by default and HTTP/2 forbids it.
func (o *response) head() {
	setHeaders(o.w.Header())
	o.w.WriteHeader(http.StatusOK)
}

// Write also flushes. The deadline is cleared afterwards: on HTTP/2 one that has
// passed cannot be set again. It is left in place after a failure, so that
// net/http's own last write to a reader that is stuck fails at once instead of
// never.
//
// A response that has no deadlines or cannot be flushed is a mistake in the
// server's wiring: a middleware without Unwrap.
func (o *response) Write(frames ...[]byte) error {
	if err := o.deadline(time.Now().Add(o.timeout)); err != nil {
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
	return o.deadline(time.Time{})
}

// deadline sets one, unless the stream has been cut: Cut sets the flag before
// its own deadline, and this looks at it after.
func (o *response) deadline(t time.Time) error {
	err := o.rc.SetWriteDeadline(t)
	if err == nil && o.isCut.Load() {
		return errors.Join(errCut, o.rc.SetWriteDeadline(past))
	}
	return err
}

func (o *response) Cut() {
	o.isCut.Store(true)
	// It fails where deadlines are not supported, and there write has failed.
	_ = o.rc.SetWriteDeadline(past)
}
