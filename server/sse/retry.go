package sse

import (
	"math/rand/v2"
	"time"
)

// retryHint returns a pause between one and three times the option.
func (h *Handler) retryHint() time.Duration { return h.opts.Retry + rand.N(2*h.opts.Retry) }

// jitter returns a random extra pause for a client that is sent a bye.
func (h *Handler) jitter() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return rand.N(h.spread + 1)
}
