package source

import "sync"

// A mailbox carries what happens to a member, on any goroutine, to its own.
type mailbox struct {
	poke chan struct{} // one slot: there may be something to take

	mu    sync.Mutex
	queue []func()
}

func newMailbox() *mailbox { return &mailbox{poke: make(chan struct{}, 1)} }

func (b *mailbox) put(what func()) {
	b.mu.Lock()
	b.queue = append(b.queue, what)
	b.mu.Unlock()
	select {
	case b.poke <- struct{}{}:
	default: // poked already
	}
}

func (b *mailbox) take() []func() {
	b.mu.Lock()
	defer b.mu.Unlock()
	queue := b.queue
	b.queue = nil
	return queue
}
