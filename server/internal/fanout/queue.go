package fanout

// A queue is first in, first out, in one slice that can be searched. Once it has
// its size, pushing and popping allocate nothing.
type queue[T any] struct {
	items []T
	head  int // items before it have been popped
}

func (q *queue[T]) all() []T { return q.items[q.head:] }
func (q *queue[T]) len() int { return len(q.items) - q.head }

// push appends v. A full slice that is half popped is moved to its front, which
// costs each item at most one move for each time it is passed.
func (q *queue[T]) push(v T) {
	if len(q.items) == cap(q.items) && q.head > len(q.items)/2 {
		q.set(q.items[:copy(q.items, q.all())])
	}
	q.items = append(q.items, v)
}

// pop drops the oldest item.
func (q *queue[T]) pop() {
	clear(q.items[q.head : q.head+1])
	q.head++
}

// set keeps only kept, which is a prefix of items.
func (q *queue[T]) set(kept []T) {
	clear(q.items[len(kept):])
	q.items, q.head = kept, 0
}
