package sse

import (
	"net"
	"sync"
	"syscall"
)

// A roster names streams by numbers that are never used twice, as descriptors
// are: what the kernel still has to say about a stream that is closed must not
// be taken for news of the next one.
type roster struct {
	mu    sync.Mutex
	last  uint64
	byKey map[uint64]*stream
}

func (r *roster) add(s *stream) (key uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last++
	r.byKey[r.last] = s
	return r.last
}

func (r *roster) find(key uint64) *stream {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.byKey[key]
}

func (r *roster) drop(key uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.byKey, key)
}

// descriptor gives access to a connection's descriptor. A connection of another
// type has been wrapped, and its Write may do more than write.
func descriptor(conn net.Conn) (syscall.RawConn, bool) {
	switch conn := conn.(type) {
	case *net.TCPConn:
		raw, err := conn.SyscallConn()
		return raw, err == nil
	case *net.UnixConn:
		raw, err := conn.SyscallConn()
		return raw, err == nil
	}
	return nil, false
}
