package httpd

import (
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// ask asks the kernel. It reports false for a connection that has been closed.
func ask(raw syscall.RawConn, now time.Duration) (is state, ok bool) {
	err := raw.Control(func(fd uintptr) {
		info, err := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO)
		if err != nil {
			return
		}
		// What the client has no room for is not sent, but it is asked whether it
		// has some: a client that answers that is there.
		is.waits = info.Unacked > 0 || info.Probes > 0
		is.acked = now - time.Duration(info.Last_ack_recv)*time.Millisecond
		ok = true
	})
	return is, err == nil && ok
}

// shutDown ends a connection for the goroutines that use it, and has what waits in
// the kernel dropped when it is closed. It is not closed here, under their hands.
func shutDown(raw syscall.RawConn) {
	_ = raw.Control(func(fd uintptr) { // it fails if it has just been closed
		_ = unix.SetsockoptLinger(int(fd), unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1})
		_ = unix.Shutdown(int(fd), unix.SHUT_RDWR)
	})
}
