package httpd_test

import (
	"net"
	"testing"

	"github.com/seawaykit/seaway/server/httpd"
)

func TestHostPortCanBeOpened(t *testing.T) {
	for _, c := range []struct{ ip, want string }{
		{"0.0.0.0", "localhost:8000"},
		{"::", "localhost:8000"},
		{"127.0.0.1", "127.0.0.1:8000"},
		{"::1", "[::1]:8000"},
	} {
		if got := httpd.HostPort(&net.TCPAddr{IP: net.ParseIP(c.ip), Port: 8000}); got != c.want {
			t.Errorf("%q: got %s, want %s", c.ip, got, c.want)
		}
	}
}
