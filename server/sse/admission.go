package sse

import (
	"net/http"
	"strings"

	"github.com/seawaykit/seaway/server/httpd"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

// An openStream is an open stream that Shutdown can end. Its methods do not block.
type openStream interface {
	sendBye(reason string) // send bye, and end when the client has it
	cut()                  // end now
}

// A place is what a stream counts against.
type place struct{ address, identity string } // empty: it is not counted

// placeOf copies the identity, since it may be a part of a long request.
func (h *Handler) placeOf(r *http.Request, identity string) (p place) {
	if h.opts.MaxPerAddress > 0 {
		p.address, _ = httpd.Client(r)
	}
	if h.opts.MaxPerIdentity > 0 {
		p.identity = strings.Clone(identity)
	}
	return p
}

// admit reserves a place for a stream under the limits, or returns why there is
// none. Every stream counts, although the streams of one HTTP/2 connection
// share a descriptor.
func (h *Handler) admit(p place) (release func(), err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch address, identity := h.opts.MaxPerAddress, h.opts.MaxPerIdentity; {
	case h.closed:
		return nil, fault.New(fault.Unavailable, "the server is shutting down")
	case h.admitted >= h.opts.MaxStreams:
		return nil, fault.New(fault.Unavailable, "the server has as many streams as it can hold")
	case p.address != "" && h.perAddress[p.address] >= address:
		return nil, fault.New(fault.RateLimited, "this address has %d streams, and may have no more", address)
	case p.identity != "" && h.perIdentity[p.identity] >= identity:
		return nil, fault.New(fault.RateLimited, "you have %d streams, and may have no more: close some pages", identity)
	}
	h.admitted++
	add(h.perAddress, p.address, 1)
	add(h.perIdentity, p.identity, 1)
	h.streams.Add(1)
	return func() { h.release(p) }, nil
}

// release gives the place back.
func (h *Handler) release(p place) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.admitted--
	add(h.perAddress, p.address, -1)
	add(h.perIdentity, p.identity, -1)
	h.streams.Done()
}

// add changes a count, and forgets it at 0.
func add(counts map[string]int, key string, n int) {
	if key == "" {
		return
	}
	if counts[key] += n; counts[key] == 0 {
		delete(counts, key)
	}
}

// addOpen registers a stream that Shutdown and Revoke are to end. If Shutdown has begun,
// or a right was revoked since the stream was authorised, it is sent its bye at once.
func (h *Handler) addOpen(s openStream, g *grant) {
	h.counters.opened.Add(1)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.open[s] = g
	switch {
	case h.closed:
		s.sendBye(wire.Shutdown)
	case g.revision != h.revisions:
		s.sendBye(wire.Revoked)
	default:
		h.expireAt(g.until)
	}
}

func (h *Handler) removeOpen(s openStream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.open, s)
}
