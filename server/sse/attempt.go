package sse

import "syscall"

// An attempt is a write that does not block, and what it came to.
type attempt struct {
	p   []byte
	n   int
	err error
	try func(fd uintptr) bool

	events, bytes int // since they were last counted
}

// The function is made once: one made for each write would be allocated.
func (a *attempt) prepare() {
	a.try = func(fd uintptr) bool {
		a.n, a.err = tryWrite(fd, a.p)
		return true // whatever came of it: it is not waited for
	}
}

// write writes as much of p as the connection has room for.
func (a *attempt) write(raw syscall.RawConn, p []byte) (n int, err error) {
	a.p = p
	if err := raw.Write(a.try); err != nil {
		return 0, err // it is closed
	}
	a.p = nil
	a.bytes += a.n
	return a.n, a.err
}

// count adds to the tally what has been written: once a pass, since an atomic
// addition for each write is felt.
func (a *attempt) count(t *tally) {
	t.events.Add(uint64(a.events))
	t.bytes.Add(uint64(a.bytes))
	a.events, a.bytes = 0, 0
}
