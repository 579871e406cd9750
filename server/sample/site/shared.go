package site

import (
	"context"
	"sync"
)

// A shared value is read once for all who ask for it at the same time. Nobody is
// given one that began to be read before they asked: who comes while it is being
// read waits for the next reading, with all others who do. Reading goes on as long
// as somebody waits for it.
type shared[T any] struct {
	read func(context.Context) (T, error)

	mu      sync.Mutex
	running *lookup[T] // nil if nothing is being read
	next    *lookup[T] // nil if nobody waits for it
}

// A lookup is one reading and those who wait for it.
type lookup[T any] struct {
	ctx     context.Context
	cancel  context.CancelFunc
	waiting int
	done    chan struct{} // closed when value and err are there
	value   T
	err     error
}

// get returns a value that was read after it was called, or ctx's error.
func (s *shared[T]) get(ctx context.Context) (T, error) {
	l := s.join()
	defer s.leave(l)
	select {
	case <-l.done:
		return l.value, l.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// join takes part in the reading that has not begun, and begins it if it can.
func (s *shared[T]) join() *lookup[T] {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next == nil {
		s.next = &lookup[T]{done: make(chan struct{})}
		s.next.ctx, s.next.cancel = context.WithCancel(context.Background())
	}
	l := s.next
	l.waiting++
	if s.running == nil {
		s.begin()
	}
	return l
}

// begin begins the next reading, if there is one. It needs the lock. The goroutine
// ends with the last reading that somebody waits for.
func (s *shared[T]) begin() {
	if s.running, s.next = s.next, nil; s.running != nil {
		go s.run(s.running)
	}
}

func (s *shared[T]) run(l *lookup[T]) {
	l.value, l.err = s.read(l.ctx)
	s.mu.Lock()
	s.begin()
	s.mu.Unlock()
	close(l.done)
}

// leave ends a reading for which nobody waits any more.
func (s *shared[T]) leave(l *lookup[T]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l.waiting--; l.waiting > 0 {
		return
	}
	l.cancel()
	if s.next == l {
		s.next = nil
	}
}
