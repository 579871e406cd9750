//go:build !linux

package httpd

import (
	"net"
	"time"
)

// limitSilence does nothing: the option is Linux's.
func limitSilence(net.Conn, time.Duration) {}
