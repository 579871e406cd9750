package livelist

import "slices"

// A Progress is how far a pending item has come.
type Progress uint8

// How an item goes from the reader to everybody: from Sending to Sent, or to
// Failed and by [List.Retry] to Sending again. It is pending no more when its
// event has come.
const (
	Sending Progress = iota // the command has not been answered
	Sent                    // the server has it; its event is on the way
	Failed                  // Reason says why
)

// String returns the progress in lower case, fit for a CSS class.
func (p Progress) String() string {
	return [...]string{"sending", "sent", "failed"}[min(p, Failed)]
}

// A Pending is an item that the reader has made and the stream has not told of.
type Pending[T any] struct {
	Item     T
	Progress Progress
	Reason   string // why it has failed, in words for the reader
}

// Begin shows an item at the end before the server has it. Its key is the one
// its event will have. An item whose event was there first is not shown again.
func (l *List[T]) Begin(item T) {
	key := l.key(item)
	if _, known := l.window.slots[key]; known || l.pendingAt(key) >= 0 {
		return
	}
	l.change(append(slices.Clip(l.pending), Pending[T]{Item: item}))
}

// Confirm notes that the server has the item: its event is on the way, or was
// here before.
func (l *List[T]) Confirm(key string) { l.progress(key, Sent, "") }

// Fail notes that the item was not taken, and why.
func (l *List[T]) Fail(key, reason string) { l.progress(key, Failed, reason) }

// Retry makes a failed item one that is being sent, and returns it. The key has
// to be used for sending it again, so that it cannot be there twice.
func (l *List[T]) Retry(key string) (item T, ok bool) {
	at := l.pendingAt(key)
	if at < 0 || l.pending[at].Progress != Failed {
		return item, false
	}
	l.progress(key, Sending, "")
	return l.pending[at].Item, true
}

// Discard takes a failed item away, and reports whether there was one.
func (l *List[T]) Discard(key string) bool {
	at := l.pendingAt(key)
	if at < 0 || l.pending[at].Progress != Failed {
		return false
	}
	l.drop(at)
	return true
}

// Pending returns the pending items in the order in which they were begun. The
// caller must not change them.
func (l *List[T]) Pending() []Pending[T] { return slices.Clip(l.pending) }

func (l *List[T]) pendingAt(key string) int {
	return slices.IndexFunc(l.pending, func(p Pending[T]) bool { return l.key(p.Item) == key })
}

// change replaces the pending items, never in place: a view holds them.
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

// settle ends the pending item of a key whose event has come. While the list is
// paused it stays, as sent: what it becomes is held back.
func (l *List[T]) settle(key string) (own bool) {
	at := l.pendingAt(key)
	switch {
	case at < 0:
		return false
	case l.pause != nil:
		l.pause.settled[key] = true
		l.progress(key, Sent, "")
	default:
		l.drop(at)
	}
	return true
}

// unsend ends the pending item of a key that was removed. One that is not known
// to be sent stays: nobody can have removed it.
func (l *List[T]) unsend(key string) {
	if at := l.pendingAt(key); at >= 0 && l.pending[at].Progress == Sent {
		l.drop(at)
	}
}

// unsent leaves out what comes again by itself: the server has it.
func unsent[T any](all []Pending[T]) []Pending[T] {
	return slices.DeleteFunc(slices.Clone(all), func(p Pending[T]) bool { return p.Progress == Sent })
}
