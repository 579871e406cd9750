package httpd

import (
	"runtime/debug"
	"sync"
	"time"
)

const (
	// burst is how many connections leave so much garbage that it is worth to collect:
	// what was used for a request, a TLS handshake's 20 KiB, stacks that were deep.
	burst = 500
	// burstPause is how long after so many, and burstEvery the least time between two
	// times. Otherwise the runtime collects after minutes in a server that is quiet, and
	// gives back what is free over many more.
	burstPause = 3 * time.Second
	burstEvery = time.Minute
)

// bursts returns memory to the operating system after many connections have begun.
type bursts struct {
	free func() // the runtime's

	mu    sync.Mutex
	begun int       // since then
	last  time.Time // when memory was last returned, or is to be
}

func newBursts() *bursts { return &bursts{free: debug.FreeOSMemory} }

// begin counts a connection.
func (b *bursts) begin() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.begun++
	if b.begun < burst {
		return
	}
	due := time.Now().Add(burstPause)
	if next := b.last.Add(burstEvery); next.After(due) {
		due = next
	}
	b.begun, b.last = 0, due
	time.AfterFunc(time.Until(due), b.free)
}
