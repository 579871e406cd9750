package e2e_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// A bufferingProxy passes everything on, but streams only when they have ended,
// until stop is called.
type bufferingProxy struct {
	*httptest.Server
	mu      sync.Mutex
	buffers bool
	asked   []string    // "stream" or "poll", for each request of one
	at      []time.Time // when it came
}

func startBufferingProxy(t *testing.T, s *server) *bufferingProxy {
	t.Helper()
	to, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	p := &bufferingProxy{buffers: true}
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.ErrorLog = nil
	proxy.ModifyResponse = p.hold
	proxy.ErrorHandler = func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) }
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.note(r)
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		p.CloseClientConnections() // streams do not end by themselves
		p.Close()
	})
	return p
}

// note takes down requests for the page's events.
func (p *bufferingProxy) note(r *http.Request) {
	kinds := map[string]string{"/events": "stream", "/poll": "poll"}
	if kind := kinds[r.URL.Path]; kind != "" {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.asked, p.at = append(p.asked, kind), append(p.at, time.Now())
	}
}

// hold waits for the end of an answer that is a stream.
func (p *bufferingProxy) hold(resp *http.Response) error {
	p.mu.Lock()
	buffers := p.buffers
	p.mu.Unlock()
	if !buffers || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream") {
		return nil
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return err
}

func (p *bufferingProxy) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.buffers = false
}

// requests returns what pages have asked for, and when first.
func (p *bufferingProxy) requests() (asked []string, since time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.at) == 0 {
		return nil, 0
	}
	return slices.Clone(p.asked), time.Since(p.at[0])
}

// forget clears the recorded requests.
func (p *bufferingProxy) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked, p.at = nil, nil
}

// A window is a page in either browser.
type window interface {
	navigate(url string)
	until(what, expr string)
	untilLive()
	texts() []string
}

const usesPolls = `document.querySelector(".seaway-status[data-transport=longpoll] #status")?.textContent === "live"`

// Behind a proxy that holds streams back a page is live by long polls soon, and a
// page that is opened later at once. When the proxy stops that, the page returns
// to the stream. Every message comes once, in order.
func TestBufferingProxyCostsAPageSeconds(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(*testing.T) window{
		"chromium": func(t *testing.T) window { return openTab(t) },
		"firefox":  func(t *testing.T) window { return openFirefox(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startServer(t)
			proxy := startBufferingProxy(t, s)
			first := open(t)
			first.navigate(proxy.URL + lobby)
			first.untilLive()
			if _, took := proxy.requests(); took > 15*time.Second {
				t.Errorf("the page was live %v after it had asked for its stream", took)
			} else {
				t.Logf("the page was live %v after it had asked for its stream", took)
			}
			var posted []string
			post := func(n int) {
				for range n {
					posted = append(posted, fmt.Sprint("message ", len(posted)))
					s.post("ann", posted[len(posted)-1])
				}
			}
			shows := func(page window) {
				t.Helper()
				last := fmt.Sprintf(`[...document.querySelectorAll("#messages .text")].some(e => e.textContent === %q)`, posted[len(posted)-1])
				page.until("the page shows the last message", last)
				if got := page.texts(); !slices.Equal(got, posted) {
					t.Errorf("the page shows %s", difference(got, posted))
				}
			}
			first.until("it is live by long polls", usesPolls)
			post(5)
			shows(first)

			first.navigate("about:blank")
			proxy.forget()
			first.navigate(proxy.URL + lobby)
			first.until("the next page is live by long polls", usesPolls)
			if asked, took := proxy.requests(); asked[0] != "poll" {
				t.Errorf("the next page was live after it had asked by %q", asked)
			} else {
				t.Logf("the next page was live %v after it had asked", took)
			}
			post(5)
			shows(first)

			proxy.stop()
			first.until("another network", `window.dispatchEvent(new Event("online"))`)
			returned := make(chan struct{})
			go func() {
				defer close(returned)
				first.until("it is live by its stream again", `document.querySelector(".seaway-status[data-transport=eventsource] #status")?.textContent === "live"`)
			}()
			for done := false; !done; {
				post(1)
				select {
				case <-returned:
					done = true
				case <-time.After(100 * time.Millisecond): // posts go on meanwhile
				}
			}
			post(5)
			shows(first)
		})
	}
}

// Tabs that share a connection share the long polls as well: another tab asks
// for nothing of its own.
func TestBufferingProxyLeavesTabsWithOneConnection(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	proxy := startBufferingProxy(t, s)
	first := openTab(t)
	first.navigate(proxy.URL + lobby)
	first.until("it is live by long polls", usesPolls)
	var tabs []*tab
	for range 7 { // with the first there are more than an HTTP/1.1 browser has connections
		b := first.openAnother()
		b.navigate(proxy.URL + lobby)
		tabs = append(tabs, b)
	}
	for _, b := range tabs {
		b.until("a tab is live by the first one's long polls", usesPolls)
	}
	s.post("ann", "hello")
	for _, b := range append(tabs, first) {
		b.untilShows("hello")
	}
	asked, _ := proxy.requests()
	if n := len(slices.DeleteFunc(asked, func(kind string) bool { return kind != "stream" })); n > 2 {
		t.Errorf("the tabs asked for %d streams", n)
	}
}
