package httpd

import (
	"net"
	"time"

	"golang.org/x/sys/unix"
)

// limitSilence has the kernel give the connection up when what was sent has not
// been acknowledged for so long, or when the client has had no room for it. It
// tries again for 15 minutes by default, and for ever. A connection that is not
// TCP has a client on the same machine, whose end is noticed.
func limitSilence(conn net.Conn, limit time.Duration) {
	if wrapped, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = wrapped.NetConn()
	}
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		return
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) {
		_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(limit.Milliseconds()))
	})
}
