package httpd_test

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/seawaykit/seaway/server/httpd"
)

func TestConnectionIsGivenUpAfterThreeHeartbeatsOfSilence(t *testing.T) {
	for _, tc := range []struct {
		opts httpd.Options
		want time.Duration
	}{
		{httpd.Options{}, 45 * time.Second},
		{httpd.Options{Heartbeat: time.Second}, 35 * time.Second},
		{httpd.Options{Heartbeat: time.Second, WriteTimeout: time.Minute}, 65 * time.Second},
		{httpd.Options{Heartbeat: time.Minute}, 3 * time.Minute},
	} {
		for _, start := range []func(*httptest.Server){(*httptest.Server).Start, (*httptest.Server).StartTLS} {
			got := make(chan int, 1)
			server := httptest.NewUnstartedServer(nil)
			server.Config = httpd.New(http.NotFoundHandler(), tc.opts)
			known := server.Config.ConnContext
			server.Config.ConnContext = func(ctx context.Context, conn net.Conn) context.Context {
				ctx = known(ctx, conn)
				if secure, ok := conn.(*tls.Conn); ok {
					conn = secure.NetConn()
				}
				raw, err := conn.(*net.TCPConn).SyscallConn()
				if err != nil {
					t.Error(err)
				}
				raw.Control(func(fd uintptr) {
					ms, _ := unix.GetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT)
					got <- ms
				})
				return ctx
			}
			start(server)
			resp, err := server.Client().Get(server.URL)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if ms := <-got; ms != int(tc.want.Milliseconds()) {
				t.Errorf("%+v: %d ms, want %v", tc.opts, ms, tc.want)
			}
			server.Close()
		}
	}
}
