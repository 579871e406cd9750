package faults_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/seawaykit/seaway/e2e/faults/program"
)

// A proxyClient is a browser's side of a proxy. Its address is not the proxy's own.
type proxyClient struct {
	t      *testing.T
	host   string // scheme://host:port
	url    string // of the site
	secure bool
	client *http.Client // over TLS it speaks HTTP/2
}

const clientAddr = "127.0.0.2"

func newProxyClient(t *testing.T, x proxied, at place, prefix string) *proxyClient {
	t.Helper()
	host := "https://localhost:" + at.port
	if x.plain {
		host = "http://localhost:" + at.port
	}
	c := &proxyClient{t, host, host + prefix, !x.plain, clientOf(t, true)}
	program.Until(t, time.Minute, x.program+" answers", func() bool {
		resp, err := c.client.Get(c.url + "/robots.txt")
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
	return c
}

func clientOf(t *testing.T, http2 bool) *http.Client {
	t.Helper()
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(clientAddr)}}
	dial := func(ctx context.Context, _, addr string) (net.Conn, error) {
		_, port, err := net.SplitHostPort(addr)
		if err != nil {
			return nil, err
		}
		return dialer.DialContext(ctx, "tcp", "127.0.0.1:"+port)
	}
	insecure := &tls.Config{InsecureSkipVerify: true} // the certificate is the test's own
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: insecure, DialContext: dial, ForceAttemptHTTP2: http2}}
	t.Cleanup(client.CloseIdleConnections)
	return client
}

func (c *proxyClient) loadsThePage() {
	c.t.Helper()
	resp, err := c.client.Get(c.url + "/")
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	if text, err := io.ReadAll(resp.Body); err != nil || resp.StatusCode != http.StatusOK || !strings.Contains(string(text), "<html") {
		c.t.Errorf("the page: %s, %v", resp.Status, err)
	}
	if (resp.ProtoMajor == 2) != c.secure {
		c.t.Errorf("the page comes by %s", resp.Proto)
	}
}

// follow opens a stream, by the time of its hello.
func (c *proxyClient) follow(ctx context.Context, topic string) (lines *bufio.Scanner, end func()) {
	c.t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url+"/events?topic="+topic, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("Accept-Encoding", "gzip, deflate, br, zstd") // as a browser, which a proxy may take up
	resp, err := c.client.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	if coding := resp.Header.Get("Content-Encoding"); coding != "" {
		c.t.Fatalf("the stream is compressed: %s", coding)
	}
	lines = bufio.NewScanner(resp.Body)
	if !until(lines, "event: hello") {
		c.t.Fatalf("a hello does not come: %v", ctx.Err())
	}
	return lines, func() { resp.Body.Close() }
}

// streams follows a topic, and posts to it once the hello has come, and again after a
// reload of the proxy. Streams mostly outlive that; one that ends resumes after the last
// event, as a page's does.
func (c *proxyClient) streams(reload func()) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), time.Minute)
	defer cancel()
	lines, end := c.follow(ctx, "room.lobby")
	defer func() { end() }()
	c.posts(ctx)
	id, ok := untilPost(lines)
	if !ok {
		c.t.Fatalf("an event does not come: %v", ctx.Err())
	}
	reload()
	c.posts(ctx)
	for _, ok = untilPost(lines); !ok; _, ok = untilPost(lines) {
		if ctx.Err() != nil {
			c.t.Fatalf("an event after a reload does not come: %v", ctx.Err())
		}
		c.t.Log("the reload has ended the stream")
		end()
		lines, end = c.follow(ctx, "room.lobby&after="+id)
	}
}

// untilPost returns the id of the next message.
func untilPost(lines *bufio.Scanner) (id string, ok bool) {
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch {
		case name == "id":
			id, _, _ = strings.Cut(value, " ")
		case name == "event" && value == "chat.posted":
			return id, true
		}
	}
	return "", false
}

func until(lines *bufio.Scanner, want string) bool {
	for lines.Scan() {
		if lines.Text() == want {
			return true
		}
	}
	return false
}

// posts sends a command as a page of the proxy does, by a browser that says no more than
// its origin. A proxy that is being reloaded may close a connection under it.
func (c *proxyClient) posts(ctx context.Context) {
	c.t.Helper()
	program.Until(c.t, time.Minute, "a post is accepted", func() bool {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url+"/commands/chat.post",
			strings.NewReader(`{"room":"lobby","author":"ann","text":"hello"}`))
		if err != nil {
			c.t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Origin", c.origin())
		resp, err := c.client.Do(req)
		if err != nil {
			return false
		}
		defer resp.Body.Close()
		if text, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusOK && resp.StatusCode < 500 {
			c.t.Fatalf("a post is answered %s: %s", resp.Status, text)
		}
		return resp.StatusCode == http.StatusOK
	})
}

// origin is that of the proxy's pages: in front of one without TLS there is another.
func (c *proxyClient) origin() string {
	return strings.Replace(c.host, "http://", "https://", 1)
}

func (c *proxyClient) opensASocket() {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), time.Minute)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, c.url+"/socket?topic=room.lobby", &websocket.DialOptions{
		HTTPClient: clientOf(c.t, false), HTTPHeader: http.Header{"Origin": {c.origin()}},
	})
	if err != nil {
		c.t.Errorf("the socket: %v", err)
		return
	}
	defer conn.CloseNow()
	if _, message, err := conn.Read(ctx); err != nil || !strings.Contains(string(message), "event: hello") {
		c.t.Errorf("the socket begins with %q, %v", message, err)
	}
}

// isKnown checks that the program has the client's address in its access log, also if the
// client claims to have another, and gives it a cookie that needs HTTPS.
func (c *proxyClient) isKnown(access *proxyLog) {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.url+"/commands/guest.whoami", strings.NewReader("{}"))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Forwarded-For", "198.51.100.7")
	resp, err := c.client.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	want := "__Host-"
	if c.url != c.host {
		want = "__Secure-"
	}
	if cookie := resp.Header.Get("Set-Cookie"); resp.StatusCode != http.StatusOK || !strings.HasPrefix(cookie, want) {
		c.t.Errorf("a guest is answered %s with the cookie %q", resp.Status, cookie)
	}
	program.Until(c.t, time.Minute, "the access log has the request", func() bool {
		return strings.Contains(access.String(), "/commands/guest.whoami")
	})
	for line := range strings.Lines(access.String()) {
		if strings.Contains(line, "whoami") && !strings.HasPrefix(line, clientAddr+" ") {
			c.t.Errorf("the access log has %s", line)
		}
	}
}

// staysOpen follows a quiet topic for a time: all that comes are heartbeats.
func (c *proxyClient) staysOpen(idle time.Duration) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), idle+time.Minute)
	defer cancel()
	lines, end := c.follow(ctx, "room.quiet")
	defer end()
	n, begun := 0, time.Now()
	for ; time.Since(begun) < idle; n++ {
		if !until(lines, "event: heartbeat") {
			c.t.Fatalf("after %v and %d heartbeats the stream ends: %v", time.Since(begun), n, lines.Err())
		}
	}
	c.posts(ctx)
}
