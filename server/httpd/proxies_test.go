package httpd_test

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/server/httpd"
)

// through returns what a handler behind the proxies sees of a request: the client, whether
// it is secure, the host, and the name for limits.
func through(t *testing.T, p *httpd.Proxies, from string, secure bool, headers ...string) (seen string) {
	t.Helper()
	r := httptest.NewRequest("GET", "http://inside.example/", nil)
	r.RemoteAddr = from
	if r.TLS = nil; secure {
		r.TLS = &tls.ConnectionState{}
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	p.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		client, ok := httpd.Client(r)
		if !ok {
			seen = fmt.Sprintf("%s %v %s unknown", r.RemoteAddr, httpd.Secure(r), r.Host)
			return
		}
		seen = fmt.Sprintf("%s %v %s %s", r.RemoteAddr, httpd.Secure(r), r.Host, client)
	})).ServeHTTP(httptest.NewRecorder(), r)
	return seen
}

func newProxies(t *testing.T, networks ...string) *httpd.Proxies {
	t.Helper()
	p, err := httpd.NewProxies(networks, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestProxiesAreBelievedFromTheirNetworksOnly(t *testing.T) {
	p := newProxies(t, "127.0.0.1/32", "10.0.0.0/8", "fd00::/8", "192.0.2.7")
	for _, c := range []struct {
		name, from string
		headers    []string
		want       string
	}{
		{"no proxy", "198.51.100.1:5", nil, "198.51.100.1:5 false inside.example 198.51.100.1"},
		{"a client that pretends to be one", "198.51.100.1:5", []string{"X-Forwarded-For", "203.0.113.9", "X-Forwarded-Proto", "https", "X-Forwarded-Host", "evil.example"},
			"198.51.100.1:5 false inside.example 198.51.100.1"},
		{"a proxy that says nothing", "127.0.0.1:5", nil, "127.0.0.1:5 false inside.example 127.0.0.1"},
		{"the scheme alone", "127.0.0.1:5", []string{"X-Forwarded-Proto", "https"}, "127.0.0.1:0 true inside.example 127.0.0.1"},
		{"all of it", "127.0.0.1:5", []string{"X-Forwarded-For", "203.0.113.9", "X-Forwarded-Proto", "https", "X-Forwarded-Host", "www.example:8443"},
			"203.0.113.9:0 true www.example:8443 203.0.113.9"},
		{"a client that lies to the proxy", "127.0.0.1:5", []string{"X-Forwarded-For", "1.2.3.4, 203.0.113.9"}, "203.0.113.9:0 false inside.example 203.0.113.9"},
		{"the same in two lines", "127.0.0.1:5", []string{"X-Forwarded-For", "1.2.3.4", "X-Forwarded-For", "203.0.113.9"}, "203.0.113.9:0 false inside.example 203.0.113.9"},
		{"two proxies", "127.0.0.1:5", []string{"X-Forwarded-For", "203.0.113.9, 10.1.2.3"}, "203.0.113.9:0 false inside.example 203.0.113.9"},
		{"proxies only", "127.0.0.1:5", []string{"X-Forwarded-For", "10.9.9.9,10.1.2.3"}, "10.9.9.9:0 false inside.example 10.9.9.9"},
		{"one that does not know", "127.0.0.1:5", []string{"X-Forwarded-For", "unknown, 10.1.2.3"}, "10.1.2.3:0 false inside.example 10.1.2.3"},
		{"a single address", "192.0.2.7:5", []string{"X-Forwarded-For", "203.0.113.9"}, "203.0.113.9:0 false inside.example 203.0.113.9"},
		{"IPv6", "[fd00::1]:5", []string{"X-Forwarded-For", "2001:db8:1:2:3:4:5:6"}, "[2001:db8:1:2:3:4:5:6]:0 false inside.example 2001:db8:1:2::/64"},
		{"IPv4 in IPv6", "[::ffff:127.0.0.1]:5", []string{"X-Forwarded-For", "203.0.113.9:1234"}, "203.0.113.9:0 false inside.example 203.0.113.9"},
		{"RFC 7239", "10.0.0.1:5", []string{"Forwarded", `for=1.2.3.4;proto=http, For="[2001:db8::5]:77";Proto=https;host="www.example"`},
			"[2001:db8::5]:0 true www.example 2001:db8::/64"},
		{"RFC 7239 of the client's", "10.0.0.1:5", []string{"Forwarded", "for=1.2.3.4;proto=https;host=evil.example", "X-Forwarded-For", "203.0.113.9"},
			"203.0.113.9:0 false inside.example 203.0.113.9"},
		{"a host that is none", "10.0.0.1:5", []string{"X-Forwarded-Host", "a/b"}, "10.0.0.1:0 false inside.example 10.0.0.1"},
		{"garbage", "10.0.0.1:5", []string{"X-Forwarded-For", ",,", "Forwarded", ";;=;,"}, "10.0.0.1:0 false inside.example 10.0.0.1"},
	} {
		if got := through(t, p, c.from, false, c.headers...); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	if got := through(t, p, "10.0.0.1:5", true, "X-Forwarded-Proto", "http"); !strings.Contains(got, " false ") {
		t.Errorf("a proxy with TLS of its own, for a client without: %s", got)
	}
	if got := through(t, p, "198.51.100.1:5", true, "X-Forwarded-Proto", "http"); !strings.Contains(got, " true ") {
		t.Errorf("TLS without a proxy: %s", got)
	}
}

// A site must not lock its users out because a proxy was not named.
func TestProxyThatIsNotNamedIsWarnedOfOnce(t *testing.T) {
	for from, near := range map[string]bool{"127.0.0.1:5": true, "192.168.1.1:5": true, "[::1]:5": true, "198.51.100.1:5": false} {
		var logged bytes.Buffer
		p, err := httpd.NewProxies([]string{"10.0.0.0/8"}, slog.New(slog.NewTextHandler(&logged, nil)))
		if err != nil {
			t.Fatal(err)
		}
		if got := through(t, p, from, false); strings.HasSuffix(got, "unknown") || logged.Len() > 0 {
			t.Errorf("%s, of its own: %s, %s", from, got, &logged)
		}
		for range 3 {
			got := through(t, p, from, false, "X-Forwarded-For", "203.0.113.9", "X-Forwarded-Proto", "https")
			if strings.HasSuffix(got, "unknown") != near || !strings.HasPrefix(got, from+" false ") {
				t.Errorf("%s: %s", from, got)
			}
		}
		if n := strings.Count(logged.String(), "-trust-proxy"); near && n != 1 || !near && n != 0 {
			t.Errorf("%s: logged %q", from, &logged)
		}
	}
}

func TestNetworkThatIsNoneIsRefused(t *testing.T) {
	for _, text := range []string{"", "localhost", "10.0.0.0/33", "10.0.0", "*"} {
		if _, err := httpd.NewProxies([]string{text}, nil); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}
