package socket_test

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/seawaykit/seaway/server/internal/socket"
	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/fault"
)

func number(n int) string { return strconv.Itoa(n) }

// A browser opens a socket to any site, with that site's cookies. Only the
// server can refuse.
func TestSocketsFromOtherOriginsAreRefused(t *testing.T) {
	r := newRig(t, sse.Options{}, socket.Options{TrustedOrigins: []string{"https://app.example.com"}})
	own := r.server.URL
	for _, tc := range []struct {
		header []string
		status int
	}{
		{nil, 101}, // no browser
		{[]string{"Origin", own}, 101},
		{[]string{"Origin", own, "Sec-Fetch-Site", "same-origin"}, 101},
		{[]string{"Origin", "https://app.example.com"}, 101},
		{[]string{"Origin", "https://app.example.com", "Sec-Fetch-Site", "cross-site"}, 101},
		{[]string{"Origin", "https://evil.example.com"}, 403},
		{[]string{"Origin", "https://evil.example.com", "Sec-Fetch-Site", "cross-site"}, 403},
		{[]string{"Origin", "http://app.example.com"}, 403},
		{[]string{"Origin", "null"}, 403},
		{[]string{"Origin", strings.Replace(own, "127.0.0.1", "localhost", 1), "Sec-Fetch-Site", "same-site"}, 403},
	} {
		p, resp, err := r.dial(tc.header...)
		if resp == nil || resp.StatusCode != tc.status {
			t.Errorf("%q: %v, %v, want %d", tc.header, resp, err, tc.status)
			continue
		}
		if err == nil {
			p.conn.CloseNow()
			continue
		}
		var body fault.Body
		if err := json.NewDecoder(resp.Body).Decode(&body); err != nil || body.Error.Code != fault.Forbidden {
			t.Errorf("%q: the body is %+v, %v", tc.header, body.Error, err)
		}
		for _, host := range []string{tc.header[1], strings.TrimPrefix(own, "http://")} {
			if !strings.Contains(body.Error.Message, strconv.Quote(host)) {
				t.Errorf("%q: the refusal does not name %s: %s", tc.header, host, body.Error.Message)
			}
		}
	}
}

func TestOriginThatIsMalformedIsRefused(t *testing.T) {
	if _, err := socket.NewHandler(nil, socket.Options{TrustedOrigins: []string{"example.com"}}); err == nil {
		t.Error("it was accepted")
	}
}

func TestRequestThatIsNoUpgradeIsRefused(t *testing.T) {
	r := newRig(t, sse.Options{}, socket.Options{})
	for method, status := range map[string]int{"GET": 426, "POST": 405} {
		req, _ := http.NewRequestWithContext(t.Context(), method, r.server.URL+"/socket?topic=a", nil)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != status || resp.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %s, %q", method, resp.Status, resp.Header)
		}
	}
}

func TestShutdownSendsByeAndClosesAsGoingAway(t *testing.T) {
	r := newRig(t, sse.Options{}, socket.Options{})
	p := r.open()
	p.expect("hello")
	down := make(chan error, 1)
	go func() { down <- r.streams.Shutdown(t.Context()) }()
	p.expect("bye", "END 1001")
	if err := <-down; err != nil {
		t.Error(err)
	}
	r.open().expect("fault", "END 1013")
}

// A client that does not answer the close is not waited for.
func TestClientThatDoesNotCloseBlocksNoOther(t *testing.T) {
	r := newRig(t, sse.Options{}, socket.Options{})
	p := r.open()
	p.expect("hello")
	// The library's own timeout is 5 s, which is more than a program has to end.
	ctx, cancel := context.WithTimeout(t.Context(), 4500*time.Millisecond)
	defer cancel()
	if err := r.streams.Shutdown(ctx); err != nil {
		t.Error(err)
	}
}

func TestSocketsCountAsStreams(t *testing.T) {
	r := newRig(t, sse.Options{MaxStreams: 1}, socket.Options{})
	first := r.open()
	first.expect("hello")
	r.open().expect(`fault {"code":"unavailable"`, "END 1013")
	first.conn.Close(websocket.StatusNormalClosure, "")
	until(t, "there is room again", func() bool {
		name, _ := r.open().next()
		return name == "hello"
	})
}

func TestSocketEndsWhenItsClientGoes(t *testing.T) {
	for name, leave := range map[string]func(*websocket.Conn){
		"with a close":    func(c *websocket.Conn) { c.Close(websocket.StatusNormalClosure, "") },
		"without a close": func(c *websocket.Conn) { c.CloseNow() },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, sse.Options{Heartbeat: time.Hour}, socket.Options{})
			p := r.open()
			p.expect("hello")
			leave(p.conn)
			until(t, "it has ended", func() bool { return r.streams.Stats().Plain == 0 })
		})
	}
}

// A reader that takes nothing is cut off after the write timeout. Until then,
// and after, the others get everything.
func TestSocketThatIsStuckIsCutOffAndDelaysNoOther(t *testing.T) {
	const events, size = 100, 64 << 10
	r := newRig(t, sse.Options{WriteTimeout: 200 * time.Millisecond}, socket.Options{})
	stuck, err := net.Dial("tcp", r.server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer stuck.Close()
	stuck.(*net.TCPConn).SetReadBuffer(4 << 10)
	stuck.Write([]byte("GET /socket?topic=a HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"))
	healthy := r.open()
	healthy.expect("hello")
	until(t, "both are open", func() bool { return r.streams.Stats().Plain == 2 })
	big := strings.Repeat("x", size)
	for range events {
		r.publish(big)
		healthy.expect("test.event xxx")
	}
	until(t, "it was cut off", func() bool { return r.streams.Stats().Plain == 1 })
	if slow := r.streams.Stats().Slow; slow != 1 {
		t.Errorf("%d slow readers are counted", slow)
	}
}

// A browser closes a socket for good at a text message that is not UTF-8. An
// event that is not would close the next one too, and the next.
func TestPayloadThatIsNotUTF8IsReplacedAsAnEventSourceDoes(t *testing.T) {
	r := newRig(t, sse.Options{}, socket.Options{})
	p := r.open()
	p.expect("hello")
	r.publish("a\xffb")
	p.expect("test.event a\uFFFDb")
}
