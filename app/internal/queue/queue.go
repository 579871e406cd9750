// Package queue hands what is to be done from callbacks, which must not block, to the
// one goroutine that does it.
//
//	select {
//	case <-q.Ready():
//		for _, do := range q.Take() {
//			do()
//		}
//	case ...
//	}
//
// # Promises
//
// Order: what one goroutine puts is taken in that order.
//
// Loss: nothing is lost by a queue without a limit. One with a limit drops the
// oldest.
//
// Blocking: Put and Take do not block. Ready brings one value after any number of
// Puts, also if Take has been called meanwhile: then Take returns nothing.
package queue

import "sync"

// A Queue is safe for concurrent use. Make one with [New]. It is one of functions and
// not of anything, since each kind of thing would be 2 KB of the page.
type Queue struct {
	Bell
	limit int

	mu    sync.Mutex
	items []func()
}

// New returns a queue of that many functions at most; 0 is no limit.
func New(limit int) *Queue { return &Queue{Bell: NewBell(), limit: limit} }

// Put appends a function. If there are too many the oldest is dropped.
func (q *Queue) Put(do func()) {
	q.mu.Lock()
	if q.limit > 0 && len(q.items) == q.limit {
		q.items = q.items[1:]
	}
	q.items = append(q.items, do)
	q.mu.Unlock()
	q.Ring()
}

// Take empties the queue and returns what was in it.
func (q *Queue) Take() []func() {
	q.mu.Lock()
	defer q.mu.Unlock()
	items := q.items
	q.items = nil
	return items
}

// A Bell says that there may be something to take. Make one with [NewBell].
type Bell chan struct{}

// NewBell returns a bell that has not rung.
func NewBell() Bell { return make(Bell, 1) }

// Ring has Ready bring a value, if it is not going to already.
func (b Bell) Ring() {
	select {
	case b <- struct{}{}:
	default:
	}
}

// Ready brings a value when the bell has rung.
func (b Bell) Ready() <-chan struct{} { return b }
