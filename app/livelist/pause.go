package livelist

// A pause is what is shown meanwhile. The list goes on behind it, so that what is
// held back is bounded like the list, and is applied by showing it.
type pause[T any] struct {
	blocks  []Block[T]
	held    map[string]bool // keys of new items
	lost    int             // held, and dropped from the list
	last    T               // of the held items
	settled map[string]bool // keys of pending items whose event has come
	void    bool            // the list was cleared
}

// Pause holds back what arrives from now on. Pending items are shown all the
// same: they are the reader's own.
func (l *List[T]) Pause() {
	if l.pause != nil {
		return
	}
	l.version++
	l.pause = &pause[T]{blocks: l.Blocks(), held: map[string]bool{}, settled: map[string]bool{}}
}

// Resume shows what was held back. It is unread if nobody attends.
func (l *List[T]) Resume() {
	p := l.pause
	if p == nil {
		return
	}
	l.version++
	l.pause = nil
	l.pending = p.unsettled(l)
	if n := len(p.held) + p.lost; n > 0 {
		l.news = News[T]{l.news.Count + n, p.last}
		l.reveal(p)
	}
}

// Paused reports whether the list is paused.
func (l *List[T]) Paused() bool { return l.pause != nil }

// Held returns how many new items are held back.
func (l *List[T]) Held() int {
	if l.pause == nil {
		return 0
	}
	return len(l.pause.held) + l.pause.lost
}

func (p *pause[T]) hold(key string, item T) { p.held[key], p.last = true, item }

// release reports whether an item was held back, and is no more. There need not
// be a pause.
func (p *pause[T]) release(key string) bool {
	if p == nil || !p.held[key] {
		return false
	}
	delete(p.held, key)
	return true
}

// unsettled returns the pending items whose event has not come.
func (p *pause[T]) unsettled(l *List[T]) (left []Pending[T]) {
	for _, item := range l.pending {
		lost := p.void && item.Progress == Sent
		if !lost && !p.settled[l.key(item.Item)] {
			left = append(left, item)
		}
	}
	return left
}

// reveal makes the held items unread, and read at once if somebody attends: the
// divider says where they begin.
func (l *List[T]) reveal(p *pause[T]) {
	r := &l.reading
	if r.unread() == 0 {
		r.divider = l.firstOf(p)
	}
	if !r.away {
		return
	}
	if r.fresh == nil {
		r.fresh = map[string]bool{}
	}
	for key := range p.held {
		r.fresh[key] = true
	}
	r.lost += p.lost
}

// firstOf returns the key of the first held item.
func (l *List[T]) firstOf(p *pause[T]) string {
	if p.lost > 0 {
		return l.window.head(0)
	}
	for item := range l.All() {
		if key := l.key(item); p.held[key] {
			return key
		}
	}
	return ""
}
