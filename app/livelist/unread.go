package livelist

// A reading is what the reader has seen.
type reading struct {
	away    bool
	fresh   map[string]bool // keys that have not been seen
	lost    int             // unseen, and dropped since
	divider string          // the key of the first that was not seen; it may have been by now
	before  map[string]bool // keys of before the last Clear, true if fresh
}

// News is what others have brought since the list was made.
type News[T any] struct {
	Count int // it only grows
	Last  T
}

// News returns how many new items have come, for announcing them. Items that
// come again after a Clear, the reader's own and those that a pause holds back do
// not count.
func (l *List[T]) News() News[T] { return l.news }

// Attend says whether the reader sees the end of the list, where new items
// come. Then nothing is unread. A new list is attended.
func (l *List[T]) Attend(yes bool) {
	panic("TODO")
}

// Unread returns how many shown items came while nobody attended. Those that
// have been dropped since count, those that were removed do not.
func (l *List[T]) Unread() int { return len(l.reading.fresh) + l.reading.lost }

// Divider returns the key of the item before which the unread ones begin, or "".
// It stays when they have been read, so that the reader can find the place, until
// the reader comes back to the end a second time or something else is unread.
func (l *List[T]) Divider() string { return l.reading.divider }

func (l *List[T]) arrived(key string, item T) {}
func (l *List[T]) forget(dropped []string)    {}
func (l *List[T]) gone(key, next string)      {}
func (r *reading) clear(slots map[string]int) {}
