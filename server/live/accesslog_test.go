package live

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"unicode"
)

// Whatever a request holds, it is one line of JSON.
func TestAccessLogAsJSON(t *testing.T) {
	t.Parallel()
	r := start(t, testProgram(), "-addr", "127.0.0.1:0", "-data", t.TempDir(), "-log-format", "json")
	var address string
	for address == "" {
		var line struct{ Msg, URL, Level string }
		if err := json.Unmarshal([]byte(within(t, "a line of the log", r.lines)), &line); err != nil {
			t.Fatal(err)
		}
		if line.Msg == "listening" {
			address = line.URL
		}
	}
	req, err := http.NewRequest("GET", address+"/none?a=%22%0a", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("User-Agent", "a \"quoted\"\tone")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	follow(t, address+"/events?topic=notes").next("hello")
	r.stop()
	if status := within(t, "the end", r.status); status != 0 {
		t.Errorf("it ends with %d: %s", status, &r.stderr)
	}
	type request struct {
		Msg, Client, Method, URI, Agent string
		Status                          int
	}
	var got []request
	for line := range strings.Lines(r.stdout.String()) {
		var one request
		if err := json.Unmarshal([]byte(line), &one); err != nil {
			t.Errorf("the line %q: %v", line, err)
		}
		got = append(got, one)
	}
	want := request{"request", "127.0.0.1", "GET", "/none?a=...", "a \"quoted\"\tone", 404}
	if len(got) != 2 || got[0] != want || got[1].URI != "/events?topic=notes" || got[1].Status != 200 {
		t.Errorf("the requests are %+v", got)
	}
}

// Whatever a request holds, it is one line of the combined format too.
func TestAccessLogIsNotWrittenByItsClients(t *testing.T) {
	for _, json := range []bool{false, true} {
		var access logged
		s := newTest(t, Options{Access: &access, AccessJSON: json})
		address := strings.TrimPrefix(serveTest(t, s), "http://")
		requests := []string{
			"GET http://user%0a127.0.0.9%20-%20root%1b%5b31m:secret@" + address + "/a HTTP/1.1\r\n",
			"GET http://user@" + address + " HTTP/1.1\r\n",
			"GET /b%0a127.0.0.9\xc2\x85\xe2\x80\xa8\xff\x1b HTTP/1.1\r\n",
			"GET /c HTTP/1.1\r\nReferer: http://user:secret@a.example/\"\x85\xe2\x80\xa8\r\nUser-Agent: a\" 200 \"b\\\r\n",
			"GET //d@e://secret@f HTTP/1.1\r\n",
		}
		for _, request := range requests {
			conn, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(conn, "%sHost: %s\r\nConnection: close\r\n\r\n", request, address)
			if _, err := io.Copy(io.Discard, conn); err != nil {
				t.Fatal(err)
			}
			conn.Close()
		}
		if err := s.Shutdown(t.Context()); err != nil { // so that the lines are there
			t.Fatal(err)
		}
		got := access.String()
		for i, line := range strings.Split(strings.TrimSuffix(got, "\n"), "\n") {
			if i >= len(requests) || !json && !strings.HasPrefix(line, "127.0.0.1 - - [") || strings.ContainsFunc(line, unicode.IsControl) {
				t.Errorf("JSON %v: the line %q", json, line)
			}
		}
		if n := strings.Count(got, "secret"); n != 1 { // that of a path
			t.Errorf("JSON %v: %s", json, got)
		}
	}
}
