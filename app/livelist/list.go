package livelist

import "iter"

// DefaultLimit is how many items a list holds if its Options do not say.
const DefaultLimit = 1000

// Options say what a list is of. Only Key must be there.
type Options[T any] struct {
	// Key returns an item's key, the same each time.
	Key func(item T) string

	// Less orders items, if the order in which they come is not the one in which
	// they stand: a message that is edited after the original has left the list
	// stands among those of its time. Items of which neither is less stand as
	// they came. An item that belongs before all of a full list is not taken.
	Less func(a, b T) bool

	// Own reports whether the reader has made an item, perhaps in another tab. Such
	// an item is never unread. Without it those are the reader's that were
	// pending.
	Own func(item T) bool

	// Limit is how many items the list holds at least before it drops the
	// oldest, [DefaultLimit] if zero.
	Limit int
}

// A List holds items by key. Make it with [New].
type List[T any] struct {
	key     func(T) string
	own     func(T) bool
	window  window[T]
	pending []Pending[T]
	reading reading
	pause   *pause[T] // nil unless paused
	news    News[T]
	version uint64
}

// New returns an empty list. It panics without a Key.
func New[T any](o Options[T]) *List[T] {
	if o.Key == nil {
		panic("livelist: a list needs to know its items' keys")
	}
	if o.Limit <= 0 {
		o.Limit = DefaultLimit
	}
	return &List[T]{key: o.Key, own: o.Own, window: newWindow(o)}
}

// Version changes with all that the list shows.
func (l *List[T]) Version() uint64 { return l.version }

// Len returns how many items the list holds, without pending ones and with
// those that a pause holds back.
func (l *List[T]) Len() int { return l.window.len() }

// Get returns the item of a key, if the list holds it.
func (l *List[T]) Get(key string) (item T, ok bool) { return l.window.get(key) }

// Blocks returns what is to be shown, without pending items, in order. A chunk
// has 25 items when it is full, up to twice as many where late ones were put
// between, and none where it only keeps the others in their places; a block has 20
// chunks. All of it is shared: the caller must not change it.
func (l *List[T]) Blocks() []Block[T] {
	if l.pause != nil {
		return l.pause.blocks
	}
	return l.window.lend()
}

// All returns what is to be shown, without pending items, in order.
func (l *List[T]) All() iter.Seq[T] {
	blocks := l.Blocks()
	return func(yield func(T) bool) {
		for _, b := range blocks {
			for _, c := range b {
				for _, item := range c {
					if !yield(item) {
						return
					}
				}
			}
		}
	}
}

// Upsert adds an item, or replaces the one that has its key. A pending item of
// that key is pending no more.
func (l *List[T]) Upsert(item T) {
	l.version++
	key := l.key(item)
	own := l.settle(key) || l.own != nil && l.own(item)
	switch outcome := l.window.put(key, item); {
	case outcome == refused:
		l.gone(key, l.window.head(0))
	case outcome == added && !own:
		l.arrived(key, item)
	}
	l.forget(l.window.trim())
}

// Remove takes the item of a key away, and reports whether there was one. A
// pending one stays unless it was sent: nobody else can have removed it.
func (l *List[T]) Remove(key string) bool {
	l.unsend(key)
	next, ok := l.window.remove(key)
	if ok {
		l.version++
		l.gone(key, next)
	}
	return ok
}

// Clear removes all items but pending ones: they are the reader's own. Items
// that come again, as they do after a source's reset, are as read or unread as
// they were.
func (l *List[T]) Clear() {
	l.version++
	l.void()
	l.window.clear()
	if l.pause == nil {
		l.pending = unsent(l.pending)
	}
}
