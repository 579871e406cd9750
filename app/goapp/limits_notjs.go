//go:build !js

package goapp

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"maps"
	"net/http"
	"runtime"
	"time"
)

// Limits bound how many pages are drawn at once, so that page views leave
// processors and memory to everything else that a server does. The zero value of
// each field stands for its default.
type Limits struct {
	// Drawing is how many pages are drawn at the same time. The default is half of the
	// processors that the program may use, at least one: drawing only computes.
	Drawing int
	// Waiting is how many requests may wait for their turn. More are answered 503 with
	// a Retry-After of one second. Default 256.
	Waiting int
	// Wait is how long a request waits before it gets the same answer. Default 2 s.
	Wait time.Duration
	// Busy returns the text of that answer. Default one in English.
	Busy func(*http.Request) string
}

// Bound limits how many requests h handles at once, in the order of their arrival.
// The answer is held in memory until it is complete, so that a client that reads
// slowly does not block others. h is not called for a request whose client has
// disconnected. [Handler] limits its own drawing; Bound is for a handler around it
// that takes as much time, such as one that compresses.
func Bound(h http.Handler, limits Limits) http.Handler {
	l := &limiter{
		drawing: make(chan struct{}, cmp.Or(limits.Drawing, max(1, runtime.GOMAXPROCS(0)/2))),
		waiting: make(chan struct{}, cmp.Or(limits.Waiting, 256)),
		wait:    cmp.Or(limits.Wait, 2*time.Second),
	}
	busy := limits.Busy
	if busy == nil {
		busy = func(*http.Request) string { return "The server is busy. Please try again in a moment." }
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page, err := l.draw(h, w.Header(), r)
		switch {
		case err == nil:
			page.writeTo(w)
		case r.Context().Err() == nil:
			w.Header().Set("Retry-After", "1")
			w.Header().Set("Cache-Control", "no-store")
			http.Error(w, busy(r), http.StatusServiceUnavailable)
		}
	})
}

// A limiter has the slots for requests that are handled and for those that wait.
type limiter struct {
	drawing, waiting chan struct{}
	wait             time.Duration
}

var errBusy = errors.New("too many pages are asked for")

// draw calls h when there is a slot. header has what the answer has already.
func (l *limiter) draw(h http.Handler, header http.Header, r *http.Request) (*bufferedPage, error) {
	if err := l.acquire(r.Context()); err != nil {
		return nil, err
	}
	defer func() { <-l.drawing }()
	page := &bufferedPage{header: header.Clone(), status: http.StatusOK}
	if page.header == nil {
		page.header = http.Header{}
	}
	h.ServeHTTP(page, r)
	return page, nil
}

// acquire waits for a slot. Waiting requests get theirs in order, as senders on a
// channel do.
func (l *limiter) acquire(ctx context.Context) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	select {
	case l.drawing <- struct{}{}:
		return nil
	default:
	}
	select {
	case l.waiting <- struct{}{}:
		defer func() { <-l.waiting }()
	default:
		return errBusy
	}
	enough := time.NewTimer(l.wait)
	defer enough.Stop()
	select {
	case l.drawing <- struct{}{}:
		return l.checkClient(ctx)
	case <-enough.C:
		return errBusy
	case <-ctx.Done():
		return ctx.Err()
	}
}

// checkClient returns the slot if the client has disconnected meanwhile.
func (l *limiter) checkClient(ctx context.Context) error {
	if ctx.Err() != nil {
		<-l.drawing
	}
	return ctx.Err()
}

// A bufferedPage is an answer that stays in memory until it is complete.
type bufferedPage struct {
	header http.Header
	status int
	begun  bool
	body   bytes.Buffer
}

// Header implements [http.ResponseWriter].
func (p *bufferedPage) Header() http.Header { return p.header }

// WriteHeader implements [http.ResponseWriter].
func (p *bufferedPage) WriteHeader(status int) {
	if !p.begun {
		p.status, p.begun = status, true
	}
}

// Write implements [http.ResponseWriter]. As net/http does, it detects the content
// type of an answer that does not name one.
func (p *bufferedPage) Write(b []byte) (int, error) {
	p.WriteHeader(http.StatusOK)
	if p.body.Len() == 0 && p.header.Get("Content-Type") == "" && p.header.Get("Content-Encoding") == "" {
		p.header.Set("Content-Type", http.DetectContentType(b))
	}
	return p.body.Write(b)
}

// writeTo sends the answer. Errors are ignored: the client has disconnected.
func (p *bufferedPage) writeTo(w http.ResponseWriter) {
	header := w.Header()
	clear(header)
	maps.Copy(header, p.header)
	w.WriteHeader(p.status)
	_, _ = w.Write(p.body.Bytes())
}
