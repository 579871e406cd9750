package livelist

// NewSized returns a list of small chunks, of which few may be empty, with a block for
// older items: what takes thousands of items in an ordinary list takes a dozen.
func NewSized[T any](o Options[T], size, spare int) *List[T] {
	l := New(o)
	l.window.size, l.window.spare, l.window.reserved = size, spare, blockSize
	l.window.clear()
	return l
}
