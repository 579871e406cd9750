package sse

import (
	"errors"
	"os"
	"sync/atomic"
)

// counters are what a handler, or one shard, has counted.
type counters struct {
	plain                                                atomic.Int64
	opened, events, bytes, faults, resets, slow, replays atomic.Uint64
}

// failed counts a write that failed because it took too long.
func (c *counters) failed(err error) {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		c.slow.Add(1)
	}
}
