package livelist

import "slices"

// A Pending is an item that the user has created and whose event has not arrived yet.
type Pending[T any] struct {
	Item T
	// Sent says that the server has it: its event is on the way or, while the list is
	// paused, held back.
	Sent bool
	// Failure says why it was not stored, to show to the user. Empty for an item that has
	// not failed.
	Failure string
}

// SetPending replaces the pending items, which are shown at the end of the list, in
// order, before the server has them. The key of an item must be the key that its event
// will have: an item that the list has is not shown as pending as well, whether its event
// comes before the command's reply or after it. The list does not send anything: what is
// pending is the caller's to know, for example by Value.Pending of package app/live.
func (l *List[T]) SetPending(all []Pending[T]) {
	if len(all) == 0 && len(l.given) == 0 {
		return
	}
	l.given = slices.DeleteFunc(slices.Clone(all), func(p Pending[T]) bool {
		_, known := l.window.slots[l.key(p.Item)]
		return known
	})
	l.showPending()
}

// Pending returns the pending items that are shown, the oldest first. The caller must not
// change them.
func (l *List[T]) Pending() []Pending[T] { return slices.Clip(l.pending) }

func (l *List[T]) pendingAt(all []Pending[T], key string) int {
	return slices.IndexFunc(all, func(p Pending[T]) bool { return l.key(p.Item) == key })
}

// showPending makes a new slice, since views hold the old one. While the list is paused
// an item whose event is held back stays, as sent.
func (l *List[T]) showPending() {
	var shown []Pending[T]
	if l.pause != nil {
		shown = slices.Clone(l.pause.sent)
	}
	for _, p := range l.given {
		if l.pendingAt(shown, l.key(p.Item)) < 0 {
			shown = append(shown, p)
		}
	}
	l.pending = shown
	l.version++
}

// resolve ends the pending item whose event has arrived, and reports whether it was the
// user's.
func (l *List[T]) resolve(key string) (own bool) {
	if at := l.pendingAt(l.given, key); at >= 0 {
		if l.pause != nil && l.pendingAt(l.pause.sent, key) < 0 {
			l.pause.sent = append(l.pause.sent, Pending[T]{Item: l.given[at].Item, Sent: true})
		}
		l.given = slices.Delete(slices.Clone(l.given), at, at+1)
		l.showPending()
		return true
	}
	return l.pause != nil && l.pendingAt(l.pause.sent, key) >= 0
}

// dropSent removes the pending item with a key whose event is held back, and was removed.
func (l *List[T]) dropSent(key string) {
	if l.pause == nil {
		return
	}
	if at := l.pendingAt(l.pause.sent, key); at >= 0 {
		l.pause.sent = slices.Delete(slices.Clone(l.pause.sent), at, at+1)
		l.showPending()
	}
}
