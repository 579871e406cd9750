package sse

import (
	"net"

	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

// An openStream is an open stream that Shutdown can end. Its methods do not block.
type openStream interface {
	sendBye(reason string) // send bye, and end when the client has it
	cut()                  // end now
}

// admit reserves a place for a stream under the limits, or returns why there is
// none. Every stream counts, although the streams of one HTTP/2 connection
// share a descriptor.
func (h *Handler) admit(remote string) (release func(), err error) {
	host, _, splitErr := net.SplitHostPort(remote)
	if splitErr != nil {
		host = remote // a middleware has put an address without a port there
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	switch limit := h.opts.MaxPerAddress; {
	case h.closed:
		return nil, fault.New(fault.Unavailable, "the server is shutting down")
	case h.admitted >= h.opts.MaxStreams:
		return nil, fault.New(fault.Unavailable, "the server has as many streams as it can hold")
	case limit > 0 && h.perAddress[host] >= limit:
		return nil, fault.New(fault.RateLimited, "this address has %d streams, and may have no more", limit)
	}
	h.admitted++
	if h.opts.MaxPerAddress > 0 {
		h.perAddress[host]++
	}
	h.streams.Add(1)
	return func() { h.release(host) }, nil
}

// release gives the place back.
func (h *Handler) release(host string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.admitted--
	if h.perAddress[host]--; h.perAddress[host] <= 0 { // below 0 if there is no limit per address
		delete(h.perAddress, host)
	}
	h.streams.Done()
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
