package livelist

import "iter"

// DefaultLimit is how many items a list holds by default.
const DefaultLimit = 1000

// Options configure a [List]. Only Key is required.
type Options[T any] struct {
	// Key returns the key of an item. It must return the same key each time.
	Key func(item T) string

	// Less sorts the items, if arrival order is not what they are shown in. For
	// example, an edit of a message that has left the list is then placed by the
	// message's time. Items that are equal under Less stay in arrival order. An item
	// that sorts before all of a full list is not added.
	Less func(a, b T) bool

	// Own reports whether the current user created item, perhaps in another tab. Own
	// items never count as unread. If nil, only items that were pending here are own.
	Own func(item T) bool

	// Limit is how many items the list holds at least before it drops the oldest.
	// [DefaultLimit] if zero. See also [List.Prepend].
	Limit int
}

// A List holds items by key, in order, with pending items of the user at the end.
// Make one with [New].
type List[T any] struct {
	key      func(T) string
	own      func(T) bool
	window   window[T]
	given    []Pending[T] // to SetPending, without those whose event has arrived
	pending  []Pending[T] // that are shown
	unread   unreadState
	pause    *pause[T] // nil unless paused
	arrivals Arrivals[T]
	version  uint64
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

// Version returns a number that changes with everything that the list shows.
func (l *List[T]) Version() uint64 { return l.version }

// Len returns how many items the list holds: without pending ones, and with those
// that a pause holds back.
func (l *List[T]) Len() int { return l.window.len() }

// Get returns the item with this key, if the list holds it.
func (l *List[T]) Get(key string) (item T, ok bool) { return l.window.get(key) }

// Blocks returns the items to show, without pending ones, in order and in two
// levels of slices, so that a view can skip what has not changed. A full chunk has
// 25 items, up to twice as many after insertions in the middle, and none if it
// only keeps the others in their slots, or a place for older items; a block has 20
// chunks. The caller must not change them: they are shared.
func (l *List[T]) Blocks() []Block[T] {
	if l.pause != nil {
		return l.pause.blocks
	}
	return l.window.share()
}

// All yields the items to show, without pending ones, in order.
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

// Upsert adds an item, or replaces the one with the same key. A pending item with
// that key is no longer pending.
func (l *List[T]) Upsert(item T) {
	l.version++
	key := l.key(item)
	own := l.resolve(key) || l.own != nil && l.own(item)
	switch outcome := l.window.put(key, item); {
	case outcome == refused:
		l.itemRemoved(key, l.window.head(0))
	case outcome == added && !own:
		l.addArrival(key, item)
	}
	l.itemsDropped(l.window.trim())
}

// Prepend adds older items, in their order, before all others: what came before the list
// and was asked for. They are neither unread nor arrivals, and do not push out newer
// ones: the limit is as many as there are then, if that is more, until [List.Clear]. An
// item that the list holds is replaced in its place.
func (l *List[T]) Prepend(items []T) {
	l.version++
	var older []T
	for _, item := range items {
		key := l.key(item)
		l.resolve(key)
		if _, known := l.window.slots[key]; known {
			if l.window.put(key, item) == refused {
				l.itemRemoved(key, l.window.head(0))
			}
			continue
		}
		delete(l.unread.beforeClear, key)
		older = append(older, item)
	}
	l.window.prepend(older)
}

// Remove removes the item with this key, and reports whether there was one. A pending
// item stays: the removal cannot be of that.
func (l *List[T]) Remove(key string) bool {
	l.dropSent(key)
	next, ok := l.window.remove(key)
	if ok {
		l.version++
		l.itemRemoved(key, next)
	}
	return ok
}

// Clear removes all items except pending ones. Items that come again, as they do after
// a reset of the source, are as read or unread as they were before.
func (l *List[T]) Clear() {
	l.version++
	l.itemsCleared()
	l.window.clear()
}
