package livelist

// A pause is what is shown meanwhile. The list itself goes on behind it, so what
// is held back has the list's bound and is applied by showing it.
type pause[T any] struct {
	chunks  []Chunk[T]
	divider string
	held    map[string]bool // new keys
	lost    int             // held, and dropped since
	last    T               // of the held items
}

// Pause holds back what arrives from now on. Pending items are shown all the
// same: they are the reader's own.
func (l *List[T]) Pause() { panic("TODO") }

// Resume shows what was held back.
func (l *List[T]) Resume() { panic("TODO") }

// Paused reports whether the list is paused.
func (l *List[T]) Paused() bool { return l.pause != nil }

// Held returns how many new items are held back.
func (l *List[T]) Held() int {
	if l.pause == nil {
		return 0
	}
	return len(l.pause.held) + l.pause.lost
}
