package httpd

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// listening returns a listener behind the proxies of some networks.
func listening(t *testing.T, networks ...string) *proxyListener {
	t.Helper()
	p, err := NewProxies(networks, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := p.Listen(tcp).(*proxyListener)
	t.Cleanup(func() { l.Close() })
	return l
}

// dial opens a connection and sends a text.
func dial(t *testing.T, l net.Listener, text string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	return conn
}

const asClient = "PROXY TCP4 203.0.113.9 127.0.0.1 56324 443\r\n"

// serveBehind serves what is known of each request.
func serveBehind(t *testing.T, l net.Listener) {
	t.Helper()
	server := New(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, whole := Lifetime(r)
		fmt.Fprintf(w, "%s %v %v", r.RemoteAddr, Secure(r), whole)
	}), Options{})
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	t.Cleanup(func() {
		server.Close()
		if err := <-served; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
}

// answer returns the body of a connection's next response; empty if there is none.
func answer(conn net.Conn) string {
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return ""
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	return string(body)
}

func TestProxiesSayFromWhomAConnectionIs(t *testing.T) {
	const get = "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 198.51.100.1\r\n\r\n"
	trusted, other := listening(t, "127.0.0.1"), listening(t, "10.0.0.0/8")
	serveBehind(t, trusted)
	serveBehind(t, other)
	slow := dial(t, trusted, "PROXY TCP4") // holds up none of the others
	for text, want := range map[string]string{
		asClient + get: "203.0.113.9:56324 false true",
		headerOf2(proxied, tcp4, fromFour+"\x20\x00\x01\x01") + get: "203.0.113.9:56324 true true",
		"PROXY UNKNOWN\r\n" + get:                                   "127.0.0.1:", headerOf2(local, 0, "") + get: "127.0.0.1:",
		get: "", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a hello of TLS": "",
	} {
		if got := answer(dial(t, trusted, text)); !strings.HasPrefix(got, want) || (got == "") != (want == "") {
			t.Errorf("%.50q is answered %q, want %q", text, got, want)
		}
	}
	if got := answer(dial(t, other, get)); !strings.HasPrefix(got, "127.0.0.1:") {
		t.Errorf("a client without a proxy is answered %q", got)
	}
	if got := answer(dial(t, other, asClient+get)); !strings.HasPrefix(got, "400 ") {
		t.Errorf("a client that takes another address is answered %q", got)
	}
	if _, err := io.WriteString(slow, strings.TrimPrefix(asClient, "PROXY TCP4")+get); err != nil {
		t.Fatal(err)
	}
	if got := answer(slow); !strings.HasPrefix(got, "203.0.113.9:56324 ") {
		t.Errorf("a slow header is answered %q", got)
	}
}

func TestHeaderThatDoesNotComeIsGivenUp(t *testing.T) {
	l := listening(t, "127.0.0.1")
	l.within = 50 * time.Millisecond
	serveBehind(t, l)
	conn := dial(t, l, "PROXY TCP4 203.0.113.9")
	conn.SetReadDeadline(time.Now().Add(time.Minute))
	if n, err := conn.Read(make([]byte, 1)); n > 0 || err == nil || isTimeout(err) {
		t.Errorf("it is not closed: %d bytes, %v", n, err)
	}
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

// A listener that is closed closes what it reads, and Accept ends.
func TestClosedProxyListenerEnds(t *testing.T) {
	l := listening(t, "127.0.0.1")
	accepting := make(chan error, 1)
	go func() {
		_, err := l.Accept()
		accepting <- err
	}()
	conn := dial(t, l, "PROXY")
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if err := <-accepting; !errors.Is(err, net.ErrClosed) {
		t.Errorf("Accept ends with %v", err)
	}
	if _, err := io.ReadAll(conn); isTimeout(err) {
		t.Error(err)
	}
	if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("a later Accept ends with %v", err)
	}
}

// Vanished clients are found by the descriptor, through TLS too.
func TestProxiedConnectionHasItsDescriptor(t *testing.T) {
	l := listening(t, "127.0.0.1")
	dial(t, l, asClient)
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if descriptor(conn) == nil || descriptor(tls.Server(conn, &tls.Config{})) == nil {
		t.Error("a connection of a proxy has no descriptor")
	}
}
