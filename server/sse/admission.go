package sse

import (
	"net"

	"github.com/seawaykit/seaway/shared/fault"
)

// A resident is an open stream, as the handler's shutdown sees it. Its methods
// do not block.
type resident interface {
	leave() // say bye, and end when the reader has it
	cut()   // end now
}

// admit counts a stream in, or returns why not. Every stream counts, although
// those of one HTTP/2 connection share a descriptor.
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
	case limit > 0 && h.visitors[host] >= limit:
		return nil, fault.New(fault.RateLimited, "this address has %d streams, and may have no more", limit)
	}
	h.admitted++
	if h.opts.MaxPerAddress > 0 {
		h.visitors[host]++
	}
	h.streams.Add(1)
	return func() { h.release(host) }, nil
}

// release counts a stream out.
func (h *Handler) release(host string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.admitted--
	if h.visitors[host]--; h.visitors[host] <= 0 { // below 0 if nobody counts
		delete(h.visitors, host)
	}
	h.streams.Done()
}

// enter puts a stream on the list of those that Shutdown ends. One that comes
// too late for it is told to leave.
func (h *Handler) enter(s resident) {
	h.tally.opened.Add(1)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.open[s] = struct{}{}
	if h.closed {
		s.leave()
	}
}

func (h *Handler) exit(s resident) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.open, s)
}

// typicalLimit stands for a limit of open files that is not known.
const typicalLimit = 16_384

// defaultMaxStreams leaves files for the log and for other requests.
func defaultMaxStreams() int {
	limit := fileLimit()
	return max(1, limit-min(limit/4, 1024))
}
