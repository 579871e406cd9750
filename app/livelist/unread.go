package livelist

// A seenState says whether the user has seen an item.
type seenState uint8

const (
	seen   seenState = iota
	unseen           // it arrived while the user was not at the end
	held             // a pause holds it back
)

// unreadState is what the user has not seen yet, and where the divider is.
type unreadState struct {
	away        bool
	keys        map[string]bool // of unread items
	dropped     int             // how many unread items have left the list
	divider     string
	beforeClear map[string]seenState // of the items before the list was cleared
}

// Arrivals counts the new items that others have created since the list was made.
type Arrivals[T any] struct {
	Count int // never decreases
	Last  T
}

// Arrivals returns how many new items have arrived, for announcing them. The
// user's own do not count, nor do items that come again after a Clear. Items that
// a pause holds back count when it ends.
func (l *List[T]) Arrivals() Arrivals[T] { return l.arrivals }

// SetAtEnd reports to the list whether the user sees its end, where new items are
// added. While that is so, nothing is unread. It is true for a new list.
func (l *List[T]) SetAtEnd(yes bool) {
	r := &l.unread
	if r.away != yes {
		return
	}
	l.version++
	r.away = !yes
	if r.away {
		return
	}
	if r.count() == 0 {
		r.divider = ""
	}
	r.keys, r.dropped = nil, 0
	for key, was := range r.beforeClear {
		if was == unseen {
			r.beforeClear[key] = seen
		}
	}
}

// AtEnd returns what was last given to [List.SetAtEnd].
func (l *List[T]) AtEnd() bool { return !l.unread.away }

// Unread returns how many items have arrived while the user was not at the end,
// without those that a pause holds back. Items that have left a full list count;
// removed items do not.
func (l *List[T]) Unread() int { return l.unread.count() }

func (r *unreadState) count() int { return len(r.keys) + r.dropped }

// Divider returns the key of the first unread item, or "". It stays when the user
// comes to the end, so that the place can be found, until the user has left and
// come back without new items, or something else is unread.
func (l *List[T]) Divider() string { return l.unread.divider }

// addArrival records an item whose key the list did not hold.
func (l *List[T]) addArrival(key string, item T) {
	was, again := l.unread.beforeClear[key]
	delete(l.unread.beforeClear, key)
	switch {
	case again && was == seen:
	case again && was == unseen:
		l.addUnread(key, item) // being at the end since would have made it seen
	case l.pause != nil:
		l.pause.hold(key, item)
	default:
		l.arrivals = Arrivals[T]{l.arrivals.Count + 1, item}
		if l.unread.away {
			l.addUnread(key, item)
		}
	}
}

// addUnread makes an item unread.
func (l *List[T]) addUnread(key string, item T) {
	r := &l.unread
	if r.count() == 0 || l.isBeforeDivider(item) {
		r.divider = key
	}
	if r.keys == nil {
		r.keys = map[string]bool{}
	}
	r.keys[key] = true
}

// isBeforeDivider reports whether the item sorts before the divider. Without an
// order new items are at the end.
func (l *List[T]) isBeforeDivider(item T) bool {
	if l.window.less == nil {
		return false
	}
	first, ok := l.window.get(l.unread.divider)
	return ok && l.window.less(item, first)
}

// itemRemoved records that an item was removed. next is the key of the item after
// it.
func (l *List[T]) itemRemoved(key, next string) {
	r := &l.unread
	was := r.keys[key]
	delete(r.keys, key)
	if r.divider == key {
		r.divider = next
	}
	if was && r.count() == 0 {
		r.divider = ""
	}
	l.pause.release(key)
}

// itemsDropped records that the oldest items were dropped.
func (l *List[T]) itemsDropped(dropped []string) {
	r := &l.unread
	for _, key := range dropped {
		if r.keys[key] {
			delete(r.keys, key)
			r.dropped++
		}
		if l.pause.release(key) {
			l.pause.dropped++
		}
		if r.divider == key {
			r.divider = l.window.head(0)
		}
	}
}

// itemsCleared records that all items are removed, and whether each was read,
// since the same items may come again.
func (l *List[T]) itemsCleared() {
	r := &l.unread
	before := make(map[string]seenState, l.window.len())
	for key := range l.window.slots {
		switch {
		case r.keys[key]:
			before[key] = unseen
		case l.pause.release(key):
			before[key] = held
		default:
			before[key] = seen
		}
	}
	l.unread = unreadState{away: r.away, beforeClear: before}
	if l.pause != nil {
		l.pause.dropped = 0
	}
}
