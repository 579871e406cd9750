package reactor

import (
	"net"
	"sync"
	"syscall"
)

// A connTable gives each connection a key that is never reused. File descriptors are
// reused, so a late epoll event of a closed connection could otherwise reach the next
// one.
type connTable struct {
	mu    sync.Mutex
	last  uint64
	byKey map[uint64]*Conn
}

func (t *connTable) add(c *Conn) (key uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last++
	t.byKey[t.last] = c
	return t.last
}

func (t *connTable) find(key uint64) *Conn {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.byKey[key]
}

func (t *connTable) drop(key uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.byKey, key)
}

// Descriptor returns access to a connection's file descriptor. It reports false
// for a connection of another type: that has been wrapped, and its Write may do
// more than write.
func Descriptor(conn net.Conn) (syscall.RawConn, bool) {
	switch conn := conn.(type) {
	case *net.TCPConn:
		raw, err := conn.SyscallConn()
		return raw, err == nil
	case interface{ Unwrapped() *net.TCPConn }: // it has another address, and is written to as it is
		raw, err := conn.Unwrapped().SyscallConn()
		return raw, err == nil
	case *net.UnixConn:
		raw, err := conn.SyscallConn()
		return raw, err == nil
	}
	return nil, false
}
