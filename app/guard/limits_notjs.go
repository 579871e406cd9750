//go:build !js

package guard

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

// Limits bound how many pages are drawn at once, so that readers leave processors
// and memory to everything else that a server does. The zero value of each field
// stands for its default.
type Limits struct {
	// Drawing is how many pages are drawn at the same time. Default half the
	// processors that the program may use, at least one: drawing is computing.
	Drawing int
	// Waiting is how many requests wait for their turn. More are answered 503 with
	// a Retry-After of one second. Default 256.
	Waiting int
	// Wait is how long they do, before they are answered the same. Default 2 s.
	Wait time.Duration
}

// Bound serves what h draws within the limits, in the order in which it was asked
// for. What is drawn is held in memory until it is complete: a client that reads
// slowly holds up nobody. h is not called for a request whose client has gone.
// [Handler] binds what it draws itself; Bound is for a handler around it that
// takes as much time, such as one that compresses.
func Bound(h http.Handler, l Limits) http.Handler {
	t := &turns{
		drawing: make(chan struct{}, cmp.Or(l.Drawing, max(1, runtime.GOMAXPROCS(0)/2))),
		waiting: make(chan struct{}, cmp.Or(l.Waiting, 256)),
		wait:    cmp.Or(l.Wait, 2*time.Second),
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page, err := t.draw(h, w.Header(), r)
		switch {
		case err == nil:
			page.send(w)
		case r.Context().Err() == nil:
			w.Header().Set("Retry-After", "1")
			w.Header().Set("Cache-Control", "no-store")
			http.Error(w, "The server is busy. Please try again in a moment.", http.StatusServiceUnavailable)
		}
	})
}

// turns are the places of those who draw and of those who wait for one.
type turns struct {
	drawing, waiting chan struct{}
	wait             time.Duration
}

var errBusy = errors.New("too many pages are asked for")

// draw draws a page when it is its turn. header is what the answer has already.
func (t *turns) draw(h http.Handler, header http.Header, r *http.Request) (*drawn, error) {
	if err := t.enter(r.Context()); err != nil {
		return nil, err
	}
	defer func() { <-t.drawing }()
	page := &drawn{header: header.Clone(), status: http.StatusOK}
	if page.header == nil {
		page.header = http.Header{}
	}
	h.ServeHTTP(page, r)
	return page, nil
}

// enter waits for a turn. Those who wait get theirs in order, as senders on a
// channel do.
func (t *turns) enter(ctx context.Context) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	select {
	case t.drawing <- struct{}{}:
		return nil
	default:
	}
	select {
	case t.waiting <- struct{}{}:
		defer func() { <-t.waiting }()
	default:
		return errBusy
	}
	enough := time.NewTimer(t.wait)
	defer enough.Stop()
	select {
	case t.drawing <- struct{}{}:
		return t.unlessGone(ctx)
	case <-enough.C:
		return errBusy
	case <-ctx.Done():
		return ctx.Err()
	}
}

// unlessGone gives the turn back if the client has gone while it came.
func (t *turns) unlessGone(ctx context.Context) error {
	if ctx.Err() != nil {
		<-t.drawing
	}
	return ctx.Err()
}

// drawn is an answer that stays in memory until it is complete.
type drawn struct {
	header http.Header
	status int
	begun  bool
	body   bytes.Buffer
}

// Header implements [http.ResponseWriter].
func (d *drawn) Header() http.Header { return d.header }

// WriteHeader implements [http.ResponseWriter].
func (d *drawn) WriteHeader(status int) {
	if !d.begun {
		d.status, d.begun = status, true
	}
}

// Write implements [http.ResponseWriter]. As net/http does, it finds out what an
// answer is that does not say so.
func (d *drawn) Write(p []byte) (int, error) {
	d.WriteHeader(http.StatusOK)
	if d.body.Len() == 0 && d.header.Get("Content-Type") == "" && d.header.Get("Content-Encoding") == "" {
		d.header.Set("Content-Type", http.DetectContentType(p))
	}
	return d.body.Write(p)
}

// send sends it. A client that has gone is not told.
func (d *drawn) send(w http.ResponseWriter) {
	header := w.Header()
	clear(header)
	maps.Copy(header, d.header)
	w.WriteHeader(d.status)
	_, _ = w.Write(d.body.Bytes())
}
