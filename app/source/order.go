package source

import "sync"

// maxOrders bounds what a page whose functions never return can pile up.
const maxOrders = 64

// Orders are what others want done on the source's goroutine. Nobody who gives
// one waits: it may be a callback of the browser's.
type orders struct {
	poke chan struct{} // one slot: there may be something to take

	mu    sync.Mutex
	queue []func(*loop)
}

func newOrders() *orders { return &orders{poke: make(chan struct{}, 1)} }

// put queues an order. If there are too many the oldest is dropped: the newest
// say how things are.
func (o *orders) put(order func(*loop)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.queue) == maxOrders {
		o.queue = o.queue[1:]
	}
	o.queue = append(o.queue, order)
	select {
	case o.poke <- struct{}{}:
	default: // poked already
	}
}

// take empties the queue.
func (o *orders) take() []func(*loop) {
	o.mu.Lock()
	defer o.mu.Unlock()
	queue := o.queue
	o.queue = nil
	return queue
}
