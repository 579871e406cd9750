//go:build !linux

package httpd

import (
	"syscall"
	"time"
)

// readTCPState reports false: the state is not available on this platform, and
// no connection is monitored.
func readTCPState(syscall.RawConn, time.Duration) (tcpState, bool) { return tcpState{}, false }

func shutDownConn(syscall.RawConn) {}
