package main

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// waitTime bounds how long a request waits for a server that is being replaced.
const waitTime = 15 * time.Second

// A devProxy is the reverse proxy before the server: it passes requests on, and
// writes the script into documents.
type devProxy struct {
	notifier *notifier
	proxy    *httputil.ReverseProxy

	mu      sync.Mutex
	now     upstream
	changed chan struct{} // closed when now changes
}

// An upstream is where requests go.
type upstream struct {
	addr    string // empty if there is no server
	build   string
	pending bool // a server is being started
}

// script is added to every document.
//
//go:embed script.js
var script []byte

// worker is the service worker of a page in development. It caches and answers
// nothing, so that the browser asks the network. The script removes the caches of
// an earlier build's worker on the same address.
const worker = `self.addEventListener("install", () => self.skipWaiting());
`

func newDevProxy(n *notifier) *devProxy {
	f := &devProxy{notifier: n, changed: make(chan struct{})}
	f.proxy = &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: "http", Host: r.In.Context().Value(upstreamKey{}).(upstream).addr})
			// The server compares it with the origin that the browser names.
			r.Out.Host = r.In.Host
			if wantsHTML(r.In) {
				r.Out.Header.Del("Accept-Encoding") // the script is written into plain text
			}
		},
		// Streams pass at once by themselves: their length is unknown.
		ModifyResponse: inject,
		ErrorLog:       log.New(io.Discard, "", 0), // a server that is replaced cuts connections
		// The server has ended during the request: it is being replaced, or there is none.
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, _ error) { noServer(w, r) },
	}
	return f
}

// upstreamKey is the key of the upstream in a request's context.
type upstreamKey struct{}

// setUpstream changes where requests go.
func (f *devProxy) setUpstream(to upstream) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = to
	close(f.changed)
	f.changed = make(chan struct{})
}

// upstream returns where a request goes. It waits while a server is being started.
func (f *devProxy) upstream(ctx context.Context) upstream {
	ctx, cancel := context.WithTimeout(ctx, waitTime)
	defer cancel()
	for {
		f.mu.Lock()
		now, changed := f.now, f.changed
		f.mu.Unlock()
		if !now.pending {
			return now
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return upstream{}
		}
	}
}

func (f *devProxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/dev/events":
		f.notifier.streams.ServeHTTP(w, r)
	case "/dev/script.js":
		javaScript(w, script)
	case "/app-worker.js":
		javaScript(w, []byte(worker))
	default:
		to := f.upstream(r.Context())
		if to.addr == "" {
			noServer(w, r)
			return
		}
		// It may be a stream. The server has its own deadlines for the rest.
		_ = http.NewResponseController(w).SetWriteDeadline(time.Time{})
		f.proxy.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), upstreamKey{}, to)))
	}
}

func javaScript(w http.ResponseWriter, text []byte) {
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(text) // ignored: the browser has disconnected
}

// noServer answers a request while there is no server, with a document that waits
// for one.
func noServer(w http.ResponseWriter, r *http.Request) {
	if !wantsHTML(r) {
		http.Error(w, "there is no server just now", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusServiceUnavailable)
	fmt.Fprintf(w, "<!doctype html><html lang=\"en\"><head>%s<title>Building</title></head>"+
		"<body><p>The page is being built.</p></body></html>", tag(""))
}

func wantsHTML(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.Contains(r.Header.Get("Accept"), "text/html")
}

// tag returns the element that loads the script. Its attribute is the build that
// has drawn the page.
func tag(build string) string {
	return `<script defer src="/dev/script.js" data-build="` + build + `"></script>`
}

// inject writes the script into a document, before all other scripts. A document
// without a head is left alone.
func inject(resp *http.Response) error {
	if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") || resp.Header.Get("Content-Encoding") != "" ||
		resp.Request.Method != http.MethodGet {
		return nil
	}
	text, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil {
		return err
	}
	build := resp.Request.Context().Value(upstreamKey{}).(upstream).build
	text = bytes.Replace(text, []byte("<head>"), []byte("<head>"+tag(build)), 1)
	resp.Body = io.NopCloser(bytes.NewReader(text))
	resp.Header.Set("Content-Length", strconv.Itoa(len(text)))
	resp.Header.Set("Cache-Control", "no-store")
	resp.ContentLength = int64(len(text))
	return nil
}
