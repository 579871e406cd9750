package transports

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// measure reads a connection's traffic from the kernel. It reports false for a
// closed connection.
func measure(raw syscall.RawConn) (now traffic, ok bool) {
	err := raw.Control(func(fd uintptr) {
		info, err := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO)
		if err != nil {
			return
		}
		now = traffic{in: int64(info.Bytes_received), out: int64(info.Bytes_sent - info.Bytes_retrans)}
		ok = true
	})
	return now, err == nil && ok
}
