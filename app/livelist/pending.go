package livelist

import "slices"

// A Progress says how far a pending item has come.
type Progress uint8

// The steps of a pending item: from Sending to Sent, or to Failed and by
// [List.Retry] to Sending again. It is no longer pending when its event has
// arrived.
const (
	Sending Progress = iota // the command has not been answered
	Sent                    // the server has it; its event is on the way
	Failed                  // Reason says why
)

// String returns the progress in lower case, fit for a CSS class.
func (p Progress) String() string {
	return [...]string{"sending", "sent", "failed"}[min(p, Failed)]
}

// A Pending is an item that the user has created and whose event has not arrived
// yet.
type Pending[T any] struct {
	Item     T
	Progress Progress
	Reason   string // why it has failed, to show to the user
}

// Begin shows an item as pending, at the end of the list, before the server has
// it. Its key must be the key that its event will have. If the event has arrived
// already, Begin does nothing.
func (l *List[T]) Begin(item T) {
	key := l.key(item)
	if _, known := l.window.slots[key]; known || l.pendingAt(key) >= 0 {
		return
	}
	l.change(append(slices.Clip(l.pending), Pending[T]{Item: item}))
}

// Confirm marks a pending item as sent: the server has it, and its event is on the
// way or has arrived.
func (l *List[T]) Confirm(key string) { l.progress(key, Sent, "") }

// Fail marks a pending item as failed. reason is shown to the user.
func (l *List[T]) Fail(key, reason string) { l.progress(key, Failed, reason) }

// Retry marks a failed item as being sent, and returns it. The caller must send it
// under the same key, so that it cannot be stored twice.
func (l *List[T]) Retry(key string) (item T, ok bool) {
	at := l.pendingAt(key)
	if at < 0 || l.pending[at].Progress != Failed {
		return item, false
	}
	l.progress(key, Sending, "")
	return l.pending[at].Item, true
}

// Discard removes a failed item, and reports whether there was one.
func (l *List[T]) Discard(key string) bool {
	at := l.pendingAt(key)
	if at < 0 || l.pending[at].Progress != Failed {
		return false
	}
	l.drop(at)
	return true
}

// Pending returns the pending items, the oldest first. The caller must not change
// them.
func (l *List[T]) Pending() []Pending[T] { return slices.Clip(l.pending) }

func (l *List[T]) pendingAt(key string) int {
	return slices.IndexFunc(l.pending, func(p Pending[T]) bool { return l.key(p.Item) == key })
}

// change replaces the slice of pending items, since views hold the old one.
func (l *List[T]) change(all []Pending[T]) {
	l.pending = all
	l.version++
}

func (l *List[T]) progress(key string, to Progress, reason string) {
	at := l.pendingAt(key)
	if at < 0 {
		return
	}
	all := slices.Clone(l.pending)
	all[at].Progress, all[at].Reason = to, reason
	l.change(all)
}

func (l *List[T]) drop(at int) {
	l.change(slices.Concat(l.pending[:at], l.pending[at+1:]))
}

// resolve ends the pending item whose event has arrived. While the list is paused
// the item stays, as sent, since its event is held back.
func (l *List[T]) resolve(key string) (own bool) {
	at := l.pendingAt(key)
	switch {
	case at < 0:
		return false
	case l.pause != nil:
		l.pause.resolved[key] = true
		l.progress(key, Sent, "")
	default:
		l.drop(at)
	}
	return true
}

// dropSent removes the pending item with a key that was removed, if the server has
// it. Otherwise the removal cannot be of that item.
func (l *List[T]) dropSent(key string) {
	if at := l.pendingAt(key); at >= 0 && l.pending[at].Progress == Sent {
		l.drop(at)
	}
}

// withoutSent leaves out the items that the server has: their events arrive again.
func withoutSent[T any](all []Pending[T]) []Pending[T] {
	return slices.DeleteFunc(slices.Clone(all), func(p Pending[T]) bool { return p.Progress == Sent })
}
