package livelist

// NewSized returns a list of small chunks, of which few may be empty: what takes
// thousands of items in an ordinary list takes a dozen.
func NewSized[T any](o Options[T], size, spare int) *List[T] {
	l := New(o)
	l.window.size, l.window.spare = size, spare
	return l
}
