package state

// An Option says more of a kind to [Define].
type Option[S any] func(*definition[S])

// Window lets pages follow a part of a state, for example the newest 50 messages of
// 10,000: only that part travels in the HTML and is kept in the page. newest returns
// the part. It must not change its argument, and may share its memory.
//
// The page folds events into the part alone, so folding and windowing must commute:
// the window of the folded state is the window of the fold of the window. Package
// statetest checks that. An item that is removed, for example, stays in the list as
// a removed one until it is pushed out, or the page would need one from beyond the
// window in its place. For the newest items of a list there is [Newest].
func Window[S any](newest func(S) S) Option[S] {
	return func(d *definition[S]) { d.window = newest }
}

// FromRetained accepts that the log has removed events of the kind's topics before
// the kind was first kept: states then begin with what is left. Without it, keeping
// such a kind is refused, since its states would lack what was removed.
func FromRetained[S any]() Option[S] {
	return func(d *definition[S]) { d.fromRetained = true }
}

// Windowed reports whether the kind has a [Window].
func (k Kind[S]) Windowed() bool { return k.def != nil && k.def.window != nil }

// Window returns the part of a state that pages follow: all of it for a kind without
// a [Window]. It may share the state's memory.
func (k Kind[S]) Window(s S) S {
	if !k.Windowed() {
		return s
	}
	return k.def.window(s)
}
