package e2e_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// raw sends bytes on a connection of its own, and returns all that is answered until the
// server closes it, or for a moment after a whole answer if it does not.
func (s *server) raw(request string) (answer string, closed bool) {
	s.t.Helper()
	conn, err := net.Dial("tcp", s.addr)
	if err != nil {
		s.t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, request); err != nil {
		return err.Error(), true
	}
	var all bytes.Buffer
	for buf := make([]byte, 4096); ; {
		wait := waitLimit
		if all.Len() > 0 {
			wait = 200 * time.Millisecond
		}
		if err := conn.SetReadDeadline(time.Now().Add(wait)); err != nil {
			s.t.Fatal(err)
		}
		n, err := conn.Read(buf)
		all.Write(buf[:n])
		if err != nil {
			timeout, ok := err.(net.Error)
			return all.String(), !ok || !timeout.Timeout()
		}
	}
}

// Of a request that another server may read as two, or with another length, nothing is
// done, and what follows on the connection is not read.
func TestAttackBySmuggledRequests(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	const next = "POST /commands/chat.post HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 45\r\n\r\n" + goodPost
	head := func(path, more string) string {
		return "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + more + "\r\n"
	}
	for name, request := range map[string]string{
		"two lengths":              head("/commands/guest.whoami", "Content-Length: 2\r\nContent-Length: 3\r\n") + "{}" + next,
		"a list of lengths":        head("/commands/guest.whoami", "Content-Length: 2, 3\r\n") + "{}" + next,
		"a negative length":        head("/commands/guest.whoami", "Content-Length: -2\r\n") + "{}" + next,
		"a signed length":          head("/commands/guest.whoami", "Content-Length: +2\r\n") + "{}" + next,
		"a length of hexadecimals": head("/commands/guest.whoami", "Content-Length: 0x2\r\n") + "{}" + next,
		"another coding":           head("/commands/guest.whoami", "Transfer-Encoding: xchunked\r\n") + "2\r\n{}\r\n0\r\n\r\n" + next,
		"two codings":              head("/commands/guest.whoami", "Transfer-Encoding: chunked, identity\r\n") + "2\r\n{}\r\n0\r\n\r\n" + next,
		"a coding with a tab":      head("/commands/guest.whoami", "Transfer-Encoding:\x0bchunked\r\nContent-Length: 2\r\n") + "{}" + next,
		"a space before a colon":   head("/commands/guest.whoami", "Transfer-Encoding : chunked\r\nContent-Length: 2\r\n") + "{}" + next,
		"a line that is no header": head("/commands/guest.whoami", "Transfer-Encoding\r\nContent-Length: 2\r\n") + "{}" + next,
		"NUL in a header":          head("/commands/guest.whoami", "X: a\x00b\r\nContent-Length: 2\r\n") + "{}" + next,
		"a bad chunk":              head("/commands/guest.whoami", "Transfer-Encoding: chunked\r\n") + "2 x\r\n{}\r\n0\r\n\r\n" + next,
		"a negative chunk":         head("/commands/guest.whoami", "Transfer-Encoding: chunked\r\n") + "-2\r\n{}\r\n0\r\n\r\n" + next,
		"a huge chunk":             head("/commands/guest.whoami", "Transfer-Encoding: chunked\r\n") + "fffffffffffffffff\r\n{}\r\n0\r\n\r\n" + next,
		"a coding of HTTP/1.0":     "POST /commands/guest.whoami HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + next,
		"two hosts":                "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" + next,
		"no host":                  "GET / HTTP/1.1\r\n\r\n" + next,
		"a host of markup":         "GET / HTTP/1.1\r\nHost: a\"><script>\r\n\r\n" + next,
		"a method of markup":       "<script> / HTTP/1.1\r\nHost: a\r\n\r\n" + next,
		"a version that is none":   "GET / HTTP/9.9\r\nHost: a\r\n\r\n" + next,
		"a path with a space":      "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n" + next,
		"no request":               "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n" + next,
		"HTTP/2's preface":         "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + next,
		"a body of a stream":       "GET /events?topic=clock HTTP/1.1\r\nHost: x\r\nContent-Length: " + fmt.Sprint(len(next)) + "\r\n\r\n" + next,
	} {
		answer, closed := s.raw(request)
		if n := strings.Count(answer, "HTTP/1.1 "); n > 1 || strings.Contains(answer, `{"id":`) || !closed && n > 0 && !strings.Contains(name, "stream") {
			t.Errorf("%s: closed %v, %q", name, closed, answer)
		}
	}
	s.post("ann", "the only message")
	if texts := s.roomTexts(1); texts[0] != "the only message" {
		t.Errorf("the room holds %q", texts)
	}
	if answer, _ := s.raw(head("/commands/guest.whoami", "Content-Length: 2\r\n") + "{}" + strings.Replace(next, "45", fmt.Sprint(len(goodPost)), 1)); strings.Count(answer, "HTTP/1.1 200") != 2 {
		t.Errorf("the test is of no use: two requests are answered with %q", answer)
	}
}

// A request with a length and in chunks is read as chunks, as RFC 9112 has it, whatever
// its length says: what follows the last chunk is the next request.
func TestLengthOfARequestInChunksIsIgnored(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	answer, _ := s.raw("POST /commands/guest.whoami HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 40\r\nTransfer-Encoding: chunked\r\n\r\n" +
		"2\r\n{}\r\n0\r\n\r\nGET /none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	if strings.Count(answer, "HTTP/1.1 200") != 1 || strings.Count(answer, "HTTP/1.1 404") != 1 {
		t.Errorf("it is answered with %q", answer)
	}
}

// What a stranger says of the client, the scheme, the host or the path is not believed.
func TestAttackByForwardedHeaders(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	for _, headers := range [][]string{
		{"X-Forwarded-Proto", "https"}, {"X-Forwarded-Host", "evil.example"}, {"X-Forwarded-For", "203.0.113.1"}, {"X-Real-IP", "203.0.113.1"},
		{"Forwarded", `for=203.0.113.1;proto=https;host=evil.example`}, {"X-Forwarded-Scheme", "https"}, {"X-Forwarded-Ssl", "on"}, {"Front-End-Https", "on"},
		{"X-Forwarded-Prefix", "/evil.example"}, {"X-Original-URL", "/metrics"}, {"X-Rewrite-URL", "/metrics"}, {"X-HTTP-Method-Override", "DELETE"},
		{"True-Client-IP", "203.0.113.1"}, {"CF-Connecting-IP", "203.0.113.1"}, {"X-Forwarded-Server", "evil.example"}, {"X-Host", "evil.example"},
	} {
		resp, page := s.get("/room/lobby", headers...)
		cookies := resp.Cookies()
		if resp.StatusCode != http.StatusOK || len(cookies) != 1 || cookies[0].Secure || cookies[0].Name != "seaway" {
			t.Errorf("%q: %d, the cookies are %v", headers, resp.StatusCode, cookies)
		}
		if resp.Header.Get("Strict-Transport-Security") != "" || strings.Contains(page+fmt.Sprint(resp.Header), "evil.example") {
			t.Errorf("%q: %v", headers, resp.Header)
		}
		if status, _, _ := s.command("POST", "/commands/chat.post", goodPost, append(headers, "Origin", "https://evil.example")...); status != 403 {
			t.Errorf("%q: a post of another origin is answered with %d", headers, status)
		}
	}
	until(t, "the access log has them", func() bool { return strings.Count(s.access.String(), "chat.post") >= 16 })
	for line := range strings.Lines(s.access.String()) {
		if !strings.HasPrefix(line, "127.0.0.1 - - [") {
			t.Errorf("the access log says %s", line)
		}
	}
}
