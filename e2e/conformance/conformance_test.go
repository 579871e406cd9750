package main

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// startProgram runs the program under test and returns its address.
func startProgram(t *testing.T) string {
	t.Helper()
	binary, err := filepath.Abs(cmp.Or(os.Getenv("SEAWAY_BIN"), "../../bin/seaway"))
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	cmd := exec.Command(binary, "-addr", addr, "-data", t.TempDir(), "-heartbeat", "1s")
	if err := cmd.Start(); err != nil {
		t.Fatalf("these tests drive the built program: make build: %v", err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for limit := time.After(3 * time.Minute); ; {
		if resp, err := http.Get("http://" + addr + "/app.js"); err == nil {
			resp.Body.Close()
			return "http://" + addr
		}
		select {
		case <-again.C:
		case <-limit:
			t.Fatal("the program does not answer")
		}
	}
}

func sample(address string) target {
	return target{
		url: address, topic: "room.lobby", command: "chat.post", body: `{"room":"lobby","author":"ann","text":"TEXT"}`,
		limit: 3 * time.Minute, slack: time.Minute,
	}
}

func TestKitConforms(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	broken := sample(startProgram(t)).run(t.Context(), []string{"sse", "poll", "socket"}, &out)
	if n := strings.Count(out.String(), "ok  "); broken > 0 || n < 45 {
		t.Errorf("%d rules are broken, %d hold:\n%s", broken, n, &out)
	}
}

// A fault is one that a proxy plants: in requests, in the head of answers, or in their
// frames, of which it returns what is to be sent.
type fault struct {
	name    string
	broken  string // a part of the name of the rule that must be found broken
	request func(*http.Request)
	head    func(*http.Response)
	frame   func(string) string
}

func without(f, name string) string {
	var kept strings.Builder
	for line := range strings.Lines(f) {
		if !strings.HasPrefix(line, name+":") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

func ifEvent(name string, change func(string) string) func(string) string {
	return func(f string) string {
		if strings.Contains(f, "event: "+name+"\n") {
			return change(f)
		}
		return f
	}
}

func dropParam(name string) func(*http.Request) {
	return func(r *http.Request) {
		q := r.URL.Query()
		q.Del(name)
		r.URL.RawQuery = q.Encode()
	}
}

var faults = []fault{
	{name: "a hello without a position", broken: "a hello comes first", frame: ifEvent("hello", func(f string) string { return without(f, "id") })},
	{name: "no hello", broken: "a hello comes first", frame: ifEvent("hello", func(string) string { return "" })},
	{name: "lines that end with CRLF", broken: "a hello comes first", frame: func(f string) string { return strings.ReplaceAll(f, "\n", "\r\n") }},
	{name: "an event without its topic", broken: "an event comes with position, topic", frame: ifEvent("chat.posted", func(f string) string {
		return strings.Replace(f, " room.lobby ", " ", 1)
	})},
	{name: "events that come twice", broken: "each event once", frame: ifEvent("chat.posted", func(f string) string { return f + f })},
	{name: "a position that is ignored", broken: "a position resumes right after it", request: dropParam("after")},
	{name: "Last-Event-ID that is ignored", broken: "Last-Event-ID wins", request: func(r *http.Request) { r.Header.Del("Last-Event-ID") }},
	{name: "last that is ignored", broken: "last=n sends the newest n", request: dropParam("last")},
	{name: "a reset that is not told", broken: "the position of another log is reset", frame: func(f string) string {
		if strings.Contains(f, "event: reset\n") {
			return ""
		}
		return strings.Replace(f, `"mode":"reset"`, `"mode":"resumed"`, 1)
	}},
	{name: "a reset without its reason", broken: "what is no position is reset", frame: ifEvent("reset", func(f string) string {
		return strings.Replace(f, `"reason":"id"`, `"reason":"purged"`, 1)
	})},
	{name: "heartbeats that are comments", broken: "a quiet stream has heartbeats", frame: ifEvent("heartbeat", func(string) string { return ":\n\n" })},
	{name: "catchup that is ignored", broken: "catchup=1", request: func(r *http.Request) {
		if q := r.URL.Query(); q.Get("catchup") != "" {
			r.URL.Path = "/nowhere"
		}
	}},
	{name: "another content type", broken: "a hello comes first", head: func(r *http.Response) {
		if r.Request.URL.Path == "/events" {
			r.Header.Set("Content-Type", "text/plain; charset=utf-8")
		}
	}},
	{name: "a stream that caches may keep", broken: "a hello comes first", head: func(r *http.Response) { r.Header.Del("Cache-Control") }},
	{name: "a refusal that is not JSON", broken: "a stream without a topic is 400", head: func(r *http.Response) {
		if r.StatusCode == 400 {
			r.Body = io.NopCloser(strings.NewReader("wrong"))
			r.ContentLength, r.Header = 5, http.Header{"Content-Type": {"text/plain"}}
		}
	}},
	{name: "a retry that publishes again", broken: "a retry under a key publishes once", request: func(r *http.Request) { r.Header.Del("Idempotency-Key") }},
	{name: "a key that is any request's", broken: "a key for another request is 422", head: func(r *http.Response) {
		if r.StatusCode == 422 {
			r.StatusCode = 200
		}
	}},
	{name: "pages of other sites", broken: "a page of another site is 403", request: func(r *http.Request) {
		r.Header.Del("Sec-Fetch-Site")
		r.Header.Del("Origin")
	}},
	{name: "a redirect", broken: "a hello comes first", head: func(r *http.Response) {
		if r.Request.URL.Path == "/events" {
			r.StatusCode = 307
			r.Header.Set("Location", "/elsewhere")
		}
	}},
}

// Each fault is found by the rule that it breaks.
func TestFaultsAreFound(t *testing.T) {
	t.Parallel()
	address := startProgram(t)
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			proxy := httptest.NewServer(f.proxy(t, address))
			defer proxy.CloseClientConnections()
			tested := sample(proxy.URL)
			tested.limit, tested.slack = 15*time.Second, 0
			var out bytes.Buffer
			tested.run(t.Context(), []string{"sse"}, &out)
			if !strings.Contains(out.String(), "BROKEN") || !brokenRule(out.String(), f.broken) {
				t.Errorf("the rule that %q is not found broken:\n%s", f.broken, &out)
			}
		})
	}
}

// The frame that WIRE.md shows in bytes is one by its own grammar.
func TestFrameInBytesIsAFrame(t *testing.T) {
	text, err := os.ReadFile("../../WIRE.md")
	if err != nil {
		t.Fatal(err)
	}
	_, dump, ok := strings.Cut(string(text), "```hex\n")
	dump, _, _ = strings.Cut(dump, "```")
	var frame []byte
	for line := range strings.Lines(dump) {
		figures, _, _ := strings.Cut(line[4:], "|")
		part, err := hex.DecodeString(strings.Join(strings.Fields(figures), ""))
		if err != nil {
			t.Fatal(err)
		}
		frame = append(frame, part...)
	}
	f, err := readFrame(bufio.NewReader(bytes.NewReader(frame)))
	if err != nil || !ok || f.event != "chat.posted" || f.data != `{"text":"é"}` || !strings.Contains(string(text), fmt.Sprintf("An event of %d bytes:", len(frame))) {
		t.Errorf("the %d bytes are %+v (%v)", len(frame), f, err)
	}
}

// The proxy itself breaks nothing.
func TestFaultlessProxyConforms(t *testing.T) {
	t.Parallel()
	proxy := httptest.NewServer(fault{frame: func(f string) string { return f }}.proxy(t, startProgram(t)))
	defer proxy.CloseClientConnections()
	var out bytes.Buffer
	if broken := sample(proxy.URL).run(t.Context(), []string{"sse"}, &out); broken > 0 {
		t.Errorf("it is found to break rules:\n%s", &out)
	}
}

func brokenRule(out, name string) bool {
	for line := range strings.Lines(out) {
		if rest, is := strings.CutPrefix(line, "BROKEN  "); is && strings.Contains(rest, name) {
			return true
		}
	}
	return false
}

// proxy returns a proxy that plants the fault.
func (f fault) proxy(t *testing.T, address string) http.Handler {
	t.Helper()
	to, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return &httputil.ReverseProxy{
		FlushInterval: -1,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			if f.request != nil {
				f.request(r.Out)
			}
		},
		ModifyResponse: func(r *http.Response) error {
			if f.head != nil {
				f.head(r)
			}
			if f.frame != nil && strings.HasPrefix(r.Header.Get("Content-Type"), "text/event-stream") {
				r.Body = f.change(r.Body)
			}
			return nil
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
		ErrorLog:     nil,
	}
}

// change passes a stream on, frame by frame.
func (f fault) change(body io.ReadCloser) io.ReadCloser {
	read, write := io.Pipe()
	go func() {
		defer body.Close()
		lines, frame := bufio.NewReader(body), ""
		for {
			line, err := lines.ReadString('\n')
			frame += line
			if err != nil {
				write.CloseWithError(err)
				return
			}
			if line != "\n" {
				continue
			}
			if _, err := fmt.Fprint(write, f.frame(frame)); err != nil {
				return
			}
			frame = ""
		}
	}()
	return read
}
