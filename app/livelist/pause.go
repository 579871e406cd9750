package livelist

// A pause is what the list shows while it is paused. The list itself goes on
// behind it, so that what is held back has the list's bound, and resuming only has
// to show it.
type pause[T any] struct {
	blocks  []Block[T]
	held    map[string]bool // keys of new items
	dropped int             // how many held items have left the list
	last    T               // of the held items
	sent    []Pending[T]    // whose event has arrived
}

// Pause holds back what arrives from now on. Pending items are shown all the same,
// since they are the user's own.
func (l *List[T]) Pause() {
	if l.pause != nil {
		return
	}
	l.version++
	l.pause = &pause[T]{blocks: l.Blocks(), held: map[string]bool{}}
}

// Resume shows what was held back. It counts as unread unless the user is at the
// end of the list: see [List.SetAtEnd].
func (l *List[T]) Resume() {
	p := l.pause
	if p == nil {
		return
	}
	l.version++
	l.pause = nil
	l.showPending()
	if n := len(p.held) + p.dropped; n > 0 {
		l.arrivals = Arrivals[T]{l.arrivals.Count + n, p.last}
		l.showHeld(p)
	}
}

// Paused reports whether the list is paused.
func (l *List[T]) Paused() bool { return l.pause != nil }

// Held returns how many new items are held back.
func (l *List[T]) Held() int {
	if l.pause == nil {
		return 0
	}
	return len(l.pause.held) + l.pause.dropped
}

func (p *pause[T]) hold(key string, item T) { p.held[key], p.last = true, item }

// release stops holding an item, and reports whether it was held. p may be nil.
func (p *pause[T]) release(key string) bool {
	if p == nil || !p.held[key] {
		return false
	}
	delete(p.held, key)
	return true
}

// showHeld makes the held items unread, or read at once if the user is at the end.
// The divider is put before the first of them.
func (l *List[T]) showHeld(p *pause[T]) {
	r := &l.unread
	if r.count() == 0 {
		r.divider = l.firstOf(p)
	}
	if !r.away {
		return
	}
	if r.keys == nil {
		r.keys = map[string]bool{}
	}
	for key := range p.held {
		r.keys[key] = true
	}
	r.dropped += p.dropped
}

// firstOf returns the key of the first held item.
func (l *List[T]) firstOf(p *pause[T]) string {
	if p.dropped > 0 {
		return l.window.head(0)
	}
	for item := range l.All() {
		if key := l.key(item); p.held[key] {
			return key
		}
	}
	return ""
}
