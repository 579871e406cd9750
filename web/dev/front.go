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

// A front stands before the server: it hands requests through, and writes the
// script into documents.
type front struct {
	news  *news
	proxy *httputil.ReverseProxy

	mu    sync.Mutex
	now   upstream
	moved chan struct{} // closed when now changes
}

// An upstream is where requests go.
type upstream struct {
	addr    string // empty if there is no server
	build   string
	pending bool // there soon will be one
}

// script is what every document gets.
//
//go:embed script.js
var script []byte

// worker is the service worker of a page in development. It caches nothing and
// answers nothing, so that the browser asks the network. What a worker of an
// earlier build on the same address has left, the script removes.
const worker = `self.addEventListener("install", () => self.skipWaiting());
`

func newFront(n *news) *front {
	f := &front{news: n, moved: make(chan struct{})}
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
		ErrorLog:       log.New(io.Discard, "", 0), // a server that is replaced breaks connections
		// A server that ends under a request is replaced, or there is none.
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, _ error) { absent(w, r) },
	}
	return f
}

// upstreamKey finds where a request goes.
type upstreamKey struct{}

// move sends requests elsewhere.
func (f *front) move(to upstream) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = to
	close(f.moved)
	f.moved = make(chan struct{})
}

// upstream returns where a request goes, once that is certain.
func (f *front) upstream(ctx context.Context) upstream {
	ctx, cancel := context.WithTimeout(ctx, waitTime)
	defer cancel()
	for {
		f.mu.Lock()
		now, moved := f.now, f.moved
		f.mu.Unlock()
		if !now.pending {
			return now
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return upstream{}
		}
	}
}

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/dev/events":
		f.news.streams.ServeHTTP(w, r)
	case "/dev/script.js":
		javaScript(w, script)
	case "/app-worker.js":
		javaScript(w, []byte(worker))
	default:
		to := f.upstream(r.Context())
		if to.addr == "" {
			absent(w, r)
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
	_, _ = w.Write(text) // a browser that has gone asks again
}

// absent answers while there is no server at all: with a document that waits for
// one.
func absent(w http.ResponseWriter, r *http.Request) {
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

// tag is the element that fetches the script. It says which build has drawn the
// page.
func tag(build string) string {
	return `<script defer src="/dev/script.js" data-build="` + build + `"></script>`
}

// inject writes the script into a document, before all others. One that has no
// head is left alone.
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
