//go:build !js

package page

import (
	"net/http"
	"strconv"

	"github.com/felixge/httpsnoop"
	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Assets says where the files of the page are.
type Assets struct {
	URL      func(path string) string // the address of a file below /web/
	Version  string                   // changes whenever any of them does
	WasmSize int64                    // of app.wasm, unpacked
}

// Handler serves the page's HTML, the scripts that start it and its manifest. It
// does not serve files below /web/. See the comments for what it guards against.
func Handler(assets Assets) http.Handler {
	return guard(&app.Handler{
		Name:        "Seaway",
		ShortName:   "Seaway",
		Title:       "Seaway",
		Description: "Live pages in Go: messages, a dashboard, an inbox and a comparison, typed from the server to the screen.",
		Version:     assets.Version,
		Resources:   resolver{assets.URL},
		// The libraries' first: the pages' own have the last word.
		Styles: []string{"/web/livelist.css", "/web/inspect.css", "/web/app.css", "/web/messages.css", "/web/compare.css"},
		// All four: an empty one is fetched from another site, and if that
		// fails the service worker's cache stays empty.
		Icon: app.Icon{
			Default:  "/web/icon-192.png",
			Large:    "/web/icon-512.png",
			SVG:      "/web/icon.svg",
			Maskable: "/web/icon-maskable-512.png",
		},
		BackgroundColor: "#0b1f2a",
		ThemeColor:      "#0b1f2a",
		LoadingLabel:    "{progress}%",
		// The compressed file's own length would show over 100 %.
		WasmContentLength:     strconv.FormatInt(assets.WasmSize, 10),
		ServiceWorkerTemplate: workerBypass + app.DefaultAppWorkerJS,
	})
}

// A resolver gives files their addresses. It is not an http.Handler on purpose:
// with one, go-app would fetch /robots.txt and its like from whatever host a
// request names and keep the answer for everyone.
type resolver struct{ url func(string) string }

func (r resolver) Resolve(path string) string { return r.url(path) }

// workerBypass runs before go-app's own fetch listener in the service worker,
// which answers every request itself. An EventSource that passes through a
// worker loses its Last-Event-ID and never reconnects in Chromium, and is cut
// after 30 s in Firefox: the browser must make such requests itself. Documents
// come from the network while there is one, since go-app caches the front page
// with the messages of the day it was cached.
const workerBypass = `self.addEventListener("fetch", (event) => {
  const accept = event.request.headers.get("accept") || "";
  if (event.request.method !== "GET" || accept.includes("text/event-stream")) {
    event.stopImmediatePropagation();
    return;
  }
  if (event.request.mode === "navigate") {
    event.stopImmediatePropagation();
    event.respondWith(fetch(event.request).catch(async () => {
      return (await caches.match(event.request)) || Response.error();
    }));
  }
});

`

// policy lets the page run its own files, compile wasm, and nothing else: a
// second line of defence should a text from people ever become markup.
const policy = "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; " +
	"script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"manifest-src 'self'; worker-src 'self'"

// generated are the paths that go-app makes once for each Version.
var generated = map[string]bool{
	"/app.js": true, "/app.css": true, "/app-worker.js": true, "/wasm_exec.js": true,
	"/manifest.webmanifest": true,
}

// guard keeps go-app's one ETag, the Version, off everything that changes within
// a version: with it a browser would be told that yesterday's page is still
// good. It also refuses methods that a page does not have.
func guard(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "same-origin")
		switch {
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "pages are fetched by GET", http.StatusMethodNotAllowed)
		case generated[r.URL.Path]:
			h.ServeHTTP(w, r)
		default:
			r.Header.Del("If-None-Match")
			h.ServeHTTP(withoutETag(w), r)
		}
	})
}

func withoutETag(w http.ResponseWriter) http.ResponseWriter {
	strip := func() {
		w.Header().Del("ETag")
		if w.Header().Get("Content-Type") == "text/html" {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
		}
	}
	return httpsnoop.Wrap(w, httpsnoop.Hooks{
		WriteHeader: func(next httpsnoop.WriteHeaderFunc) httpsnoop.WriteHeaderFunc {
			return func(code int) { strip(); next(code) }
		},
		Write: func(next httpsnoop.WriteFunc) httpsnoop.WriteFunc {
			return func(b []byte) (int, error) { strip(); return next(b) }
		},
	})
}
