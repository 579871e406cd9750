package live

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/server/eventlog"
)

// By the PROXY protocol a server knows its clients: streams stay on the fast path, and TLS
// and HTTP/2 are the client's own.
func TestServer_KnowsTheClientsOfTheProxyProtocol(t *testing.T) {
	for _, secure := range []bool{false, true} {
		var access logged
		opts := Options{Addr: "127.0.0.1:0", Access: &access, TrustedProxies: []string{"127.0.0.1"}, ProxyProtocol: true}
		scheme := "http://"
		if secure {
			certified := httptest.NewTLSServer(http.NotFoundHandler())
			opts.TLS, scheme = &tls.Config{Certificates: certified.TLS.Certificates}, "https://"
			certified.Close()
		}
		s := newTest(t, opts)
		listener, err := listen(opts)
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- s.Serve(ctx, listener) }()
		proxy := &http.Transport{
			TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: true,
			DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
				conn, err := new(net.Dialer).DialContext(ctx, network, addr)
				if err == nil {
					_, err = io.WriteString(conn, "PROXY TCP4 203.0.113.9 127.0.0.1 56324 443\r\n")
				}
				return conn, err
			},
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, scheme+listener.Addr().String()+"/events?topic=notes", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := proxy.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		if line, err := bufio.NewReader(resp.Body).ReadString('\n'); err != nil || line != "event: hello\n" && !strings.HasPrefix(line, "id:") && !strings.HasPrefix(line, "retry:") {
			t.Errorf("the stream begins with %q (%v)", line, err)
		}
		if got := s.Streams().Stats(); got.Fast != 1 && !secure || (resp.ProtoMajor == 2) != secure {
			t.Errorf("secure %v: %s, %+v", secure, resp.Proto, got)
		}
		resp.Body.Close()
		proxy.CloseIdleConnections()
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if got := access.String(); !strings.HasPrefix(got, "203.0.113.9 ") {
			t.Errorf("secure %v: the access log says %q", secure, got)
		}
	}
	if _, err := New(eventlog.NewMemory(eventlog.Retention{}), Options{ProxyProtocol: true}); err == nil {
		t.Error("headers are believed of anyone")
	}
}
