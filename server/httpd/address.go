package httpd

import (
	"net"
	"strconv"
)

// HostPort returns the host and port by which a browser on this machine reaches a
// listener's address: localhost for an address that listens on all interfaces.
func HostPort(addr net.Addr) string {
	if tcp, ok := addr.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		return net.JoinHostPort("localhost", strconv.Itoa(tcp.Port))
	}
	return addr.String()
}
