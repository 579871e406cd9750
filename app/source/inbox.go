package source

import (
	"errors"
	"sync"

	"github.com/seawaykit/seaway/app/internal/queue"
	"github.com/seawaykit/seaway/app/transport"
)

const (
	// maxQueue is how many bytes may wait for the page. The largest event has
	// 256 KiB by default, so that even those may come in bursts of 60.
	maxQueue = 16 << 20
	// signalCost stands for a queued signal's own size.
	signalCost = 128
)

// errBehind is why a connection ends whose frames are not taken.
var errBehind = errors.New("the page is too busy to follow the stream")

// An inbox carries the signals of one connection from its transport, which must
// not block, to the source's goroutine.
type inbox struct {
	queue.Bell

	mu    sync.Mutex
	conn  int // counts connections; signals of an earlier one are late
	queue []transport.Signal
	size  int
	full  bool // the queue ends with errBehind and takes no more
}

func newInbox() *inbox { return &inbox{Bell: queue.NewBell()} }

// renew forgets the connection so far with all it brought, and may still bring, and
// returns what the next one emits with.
func (in *inbox) renew() (emit func(...transport.Signal)) {
	in.take()
	in.mu.Lock()
	defer in.mu.Unlock()
	in.conn++
	conn := in.conn
	return func(signals ...transport.Signal) { in.put(conn, signals) }
}

// put queues signals. When there is no room it queues the end of the connection
// in their place: nothing is lost by that, since the next connection resumes
// from the last frame taken.
func (in *inbox) put(conn int, signals []transport.Signal) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if conn != in.conn {
		return
	}
	for _, s := range signals {
		if in.full {
			break
		}
		if in.size += signalCost + len(s.Frame.Data); in.size > maxQueue {
			in.full = true
			s = transport.Signal{Kind: transport.ConnectionFailed, ReadyState: s.ReadyState, Err: errBehind}
		}
		in.queue = append(in.queue, s)
	}
	in.Ring()
}

// take empties the queue.
func (in *inbox) take() []transport.Signal {
	in.mu.Lock()
	defer in.mu.Unlock()
	queue := in.queue
	in.queue, in.size, in.full = nil, 0, false
	return queue
}
