package reactor

import "syscall"

// A tryWrite is a non-blocking write, and its result.
type tryWrite struct {
	p   []byte
	n   int
	err error
	fn  func(fd uintptr)

	bytes int // written since they were last counted: an atomic addition for each write is felt
}

// prepare makes the function once: one made for each write would be allocated.
func (t *tryWrite) prepare() {
	t.fn = func(fd uintptr) { t.n, t.err = writeNow(fd, t.p) }
}

// write writes as much of p as the connection has room for. Control keeps the descriptor
// open meanwhile, as Write of a RawConn would, and does nothing else.
func (t *tryWrite) write(raw syscall.RawConn, p []byte) (n int, err error) {
	t.p = p
	if err := raw.Control(t.fn); err != nil {
		return 0, err // it is closed
	}
	t.p = nil
	t.bytes += t.n
	return t.n, t.err
}
