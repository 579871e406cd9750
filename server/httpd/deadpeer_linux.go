package httpd

import (
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// readTCPState reads the state from the kernel. It reports false for a
// connection that has been closed.
func readTCPState(raw syscall.RawConn, now time.Duration) (is tcpState, ok bool) {
	err := raw.Control(func(fd uintptr) {
		info, err := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO)
		if err != nil {
			return
		}
		// Bytes that the client has no room for are not sent, but it is probed
		// for room: a client that answers the probes is alive.
		is.unacked = info.Unacked > 0 || info.Probes > 0
		is.acked = now - time.Duration(info.Last_ack_recv)*time.Millisecond
		ok = true
	})
	return is, err == nil && ok
}

// shutDownConn ends a connection for the goroutines that use it, and makes the
// kernel drop its unsent bytes on close. It is not closed here, while they may use
// it.
func shutDownConn(raw syscall.RawConn) {
	_ = raw.Control(func(fd uintptr) { // it fails if it has just been closed
		_ = unix.SetsockoptLinger(int(fd), unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1})
		_ = unix.Shutdown(int(fd), unix.SHUT_RDWR)
	})
}
