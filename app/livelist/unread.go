package livelist

// A sighting is what the reader has seen of an item.
type sighting uint8

const (
	seen   sighting = iota
	unseen          // it came while nobody attended
	held            // a pause holds it back
)

// A reading is what the reader has not seen yet.
type reading struct {
	away    bool
	fresh   map[string]bool // keys of unseen items
	lost    int             // unseen, and dropped from the list
	divider string
	before  map[string]sighting // what the list held before it was cleared
}

// News is what others have brought since the list was made.
type News[T any] struct {
	Count int // it only grows
	Last  T
}

// News returns how many new items have come, for announcing them. The reader's
// own do not count, nor do those that come again after a Clear, and those that a
// pause holds back count when it ends.
func (l *List[T]) News() News[T] { return l.news }

// Attend says whether the reader sees the end of the list, where new items
// come. Then nothing is unread. A new list is attended.
func (l *List[T]) Attend(yes bool) {
	r := &l.reading
	if r.away != yes {
		return
	}
	l.version++
	r.away = !yes
	if r.away {
		return
	}
	if r.unread() == 0 {
		r.divider = ""
	}
	r.fresh, r.lost = nil, 0
	for key, was := range r.before {
		if was == unseen {
			r.before[key] = seen
		}
	}
}

// Unread returns how many items came while nobody attended, without those that
// a pause holds back. Those that have left the list at its other end count; those
// that were removed do not.
func (l *List[T]) Unread() int { return l.reading.unread() }

func (r *reading) unread() int { return len(r.fresh) + r.lost }

// Divider returns the key of the first unread item, or "". It stays when the
// reader has come to the end, so that the place can be found, until the reader
// has left and come back with nothing new, or something else is unread.
func (l *List[T]) Divider() string { return l.reading.divider }

// arrived notes an item whose key the list did not hold.
func (l *List[T]) arrived(key string, item T) {
	was, again := l.reading.before[key]
	delete(l.reading.before, key)
	switch {
	case again && was == seen:
	case again && was == unseen:
		l.unsee(key, item) // nobody has attended since: that would have made it seen
	case l.pause != nil:
		l.pause.hold(key, item)
	default:
		l.news = News[T]{l.news.Count + 1, item}
		if l.reading.away {
			l.unsee(key, item)
		}
	}
}

// unsee makes an item unread.
func (l *List[T]) unsee(key string, item T) {
	r := &l.reading
	if r.unread() == 0 || l.isBeforeDivider(item) {
		r.divider = key
	}
	if r.fresh == nil {
		r.fresh = map[string]bool{}
	}
	r.fresh[key] = true
}

// isBeforeDivider looks at the order only if there is one: otherwise what comes
// stands at the end.
func (l *List[T]) isBeforeDivider(item T) bool {
	if l.window.less == nil {
		return false
	}
	first, ok := l.window.get(l.reading.divider)
	return ok && l.window.less(item, first)
}

// gone notes that an item was removed; next is the key of the one after it.
func (l *List[T]) gone(key, next string) {
	r := &l.reading
	was := r.fresh[key]
	delete(r.fresh, key)
	if r.divider == key {
		r.divider = next
	}
	if was && r.unread() == 0 {
		r.divider = ""
	}
	l.pause.release(key)
}

// forget notes that the oldest items were dropped.
func (l *List[T]) forget(dropped []string) {
	r := &l.reading
	for _, key := range dropped {
		if r.fresh[key] {
			delete(r.fresh, key)
			r.lost++
		}
		if l.pause.release(key) {
			l.pause.lost++
		}
		if r.divider == key {
			r.divider = l.window.head(0)
		}
	}
}

// void notes that all items are removed, and remembers what they were: the same
// may come again.
func (l *List[T]) void() {
	r := &l.reading
	before := make(map[string]sighting, l.window.len())
	for key := range l.window.slots {
		switch {
		case r.fresh[key]:
			before[key] = unseen
		case l.pause.release(key):
			before[key] = held
		default:
			before[key] = seen
		}
	}
	l.reading = reading{away: r.away, before: before}
	if l.pause != nil {
		l.pause.lost, l.pause.void = 0, true
	}
}
