package reactor

import "syscall"

// A tryWrite is a non-blocking write, and its result.
type tryWrite struct {
	p   []byte
	n   int
	err error
	fn  func(fd uintptr) bool

	bytes int // written since they were last counted: an atomic addition for each write is felt
}

// prepare makes the function once: one made for each write would be allocated.
func (t *tryWrite) prepare() {
	t.fn = func(fd uintptr) bool {
		t.n, t.err = writeNow(fd, t.p)
		return true // whatever the result: do not wait for room
	}
}

// write writes as much of p as the connection has room for.
func (t *tryWrite) write(raw syscall.RawConn, p []byte) (n int, err error) {
	t.p = p
	if err := raw.Write(t.fn); err != nil {
		return 0, err // it is closed
	}
	t.p = nil
	t.bytes += t.n
	return t.n, t.err
}
