package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
)

// fronted starts a proxy before a server.
func fronted(t *testing.T, h http.HandlerFunc) (f *devProxy, url string) {
	t.Helper()
	behind := httptest.NewServer(h)
	t.Cleanup(behind.Close)
	n := newNotifier()
	f = newDevProxy(n)
	f.setUpstream(upstream{addr: behind.Listener.Addr().String(), build: "b1"})
	before := httptest.NewServer(f)
	t.Cleanup(func() {
		n.close(context.Background())
		before.Close()
	})
	return f, before.URL
}

func fetch(t *testing.T, url string, headers ...string) (*http.Response, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second) // a stream, say, that should have been refused
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(text)
}

func TestScriptIsWrittenIntoDocumentsAlone(t *testing.T) {
	_, url := fronted(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", strings.TrimPrefix(r.URL.Path, "/"))
		fmt.Fprint(w, "<html><head><title>x</title></head></html>")
	})
	if _, got := fetch(t, url+"/text/html", "Accept", "text/html"); got != "<html><head>"+tag("b1")+"<title>x</title></head></html>" {
		t.Errorf("the document is %s", got)
	}
	if _, got := fetch(t, url+"/text/plain", "Accept", "text/html"); strings.Contains(got, "script") {
		t.Errorf("the text is %s", got)
	}
	if resp, got := fetch(t, url+"/dev/script.js"); got != string(script) || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/javascript") {
		t.Errorf("the script is %q %s", resp.Header.Get("Content-Type"), got)
	}
}

func TestServerSeesTheHostThatTheBrowserNames(t *testing.T) {
	_, url := fronted(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Host) })
	if _, got := fetch(t, url+"/"); "http://"+got != url {
		t.Errorf("it sees %s, want that of %s", got, url)
	}
}

// The server sends a frame only when the client has the one before.
func TestStreamPassesFrameByFrame(t *testing.T) {
	read := make(chan bool)
	_, url := fronted(t, func(w http.ResponseWriter, r *http.Request) {
		for range 3 {
			fmt.Fprintln(w, "frame")
			w.(http.Flusher).Flush()
			select {
			case <-read:
			case <-r.Context().Done():
				return
			}
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	n := 0
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); n++ {
		read <- true
	}
	if n != 3 {
		t.Errorf("%d frames have passed, want 3", n)
	}
}

func TestSocketPassesThrough(t *testing.T) {
	_, url := fronted(t, func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, nil) // which compares Origin and Host
		if err != nil {
			return
		}
		defer conn.CloseNow()
		kind, text, err := conn.Read(r.Context())
		if err == nil {
			conn.Write(r.Context(), kind, append(text, '!'))
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, url, &websocket.DialOptions{HTTPHeader: http.Header{"Origin": {url}}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	if err := conn.Write(ctx, websocket.MessageText, []byte("hi")); err != nil {
		t.Fatal(err)
	}
	if _, got, err := conn.Read(ctx); err != nil || string(got) != "hi!" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestDocumentWaitsForAServer(t *testing.T) {
	f, url := fronted(t, nil)
	f.setUpstream(upstream{})
	if resp, got := fetch(t, url, "Accept", "text/html"); resp.StatusCode != 503 || !strings.Contains(got, tag("")) {
		t.Errorf("got %d %s", resp.StatusCode, got)
	}
	if resp, got := fetch(t, url); resp.StatusCode != 503 || strings.Contains(got, "script") {
		t.Errorf("another request got %d %s", resp.StatusCode, got)
	}
}

// A server listens before it has opened its log, and may end in between: the page
// that is being loaded from it is to show why.
func TestDocumentOfAServerThatEndsWaitsForTheNext(t *testing.T) {
	_, url := fronted(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	resp, text := fetch(t, url+"/", "Accept", "text/html")
	if resp.StatusCode != http.StatusServiceUnavailable || !strings.Contains(text, "/dev/script.js") {
		t.Errorf("the answer is %s: %q", resp.Status, text)
	}
}

func TestRequestsWaitForTheNextServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &devProxy{changed: make(chan struct{}), now: upstream{pending: true}}
		began := time.Now()
		time.AfterFunc(3*time.Second, func() { f.setUpstream(upstream{pending: true}) })
		time.AfterFunc(5*time.Second, func() { f.setUpstream(upstream{addr: "there"}) })
		if got := f.upstream(t.Context()); got.addr != "there" || time.Since(began) != 5*time.Second {
			t.Errorf("got %+v after %v", got, time.Since(began))
		}
		f.setUpstream(upstream{pending: true})
		began = time.Now()
		if got := f.upstream(t.Context()); got.addr != "" || time.Since(began) != waitTime {
			t.Errorf("got %+v after %v, want none after %v", got, time.Since(began), waitTime)
		}
	})
}

func TestStreamSendsTheNewestBuildAlone(t *testing.T) {
	f, url := fronted(t, nil)
	if err := f.notifier.publishFailed(t.Context(), "an error"); err != nil {
		t.Fatal(err)
	}
	if err := f.notifier.publishBuilt(t.Context(), "b2"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	req, _ := http.NewRequestWithContext(ctx, "GET", url+"/dev/events?topic=dev&last=5", nil)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var received []string
	for lines := bufio.NewScanner(resp.Body); len(received) == 0 && lines.Scan(); {
		if name, ok := strings.CutPrefix(lines.Text(), "event: dev."); ok {
			received = append(received, name)
		}
	}
	if len(received) != 1 || received[0] != "built" {
		t.Errorf("it tells %q", received)
	}
	if resp, _ := fetch(t, url+"/dev/events?topic=other"); resp.StatusCode != 403 {
		t.Errorf("another topic: got %d, want 403", resp.StatusCode)
	}
}
