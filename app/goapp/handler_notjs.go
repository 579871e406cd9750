//go:build !js

package goapp

import (
	"cmp"
	"html"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Assets gives [Handler] the addresses of the page's files.
type Assets struct {
	URL      func(path string) string // the address of a file below /web/
	Root     string                   // the address of the site, as https://example.com/app/; "/" if its host is not known
	Version  string                   // changes whenever any of them does
	WasmSize int64                    // of app.wasm, unpacked
}

// Options configure [Handler]: names, styles and icons of the page. Its files are
// below /web/, app.wasm among them.
type Options struct {
	Name        string // of the page, and its title until a component sets another
	Description string // a sentence, for search engines
	Color       string // of the window before any style has come, as in "#0b1f2a"
	Styles      []string
	// Icon must have at least one address. Empty ones are filled from the others, SVG
	// first. Browsers install a page only with PNGs of 192 and 512 pixels.
	Icon   app.Icon
	Assets Assets
	Limits Limits // of drawing
	// Languages are the languages of the pages, the default one first, as in "en" and
	// "zh-CN". Default "en".
	Languages []string
	// Language returns in which of them a page is drawn, and its HTML is marked to be. It
	// is called where the page is drawn. Default: in the first.
	Language func(*http.Request) string
	// ScriptWords returns a text that pages in a language give to the scripts of packages:
	// see [Script]. Default none.
	ScriptWords func(language string) string
	// Status returns the status with which a page is drawn for a request, 404 for one that
	// says that there is none at that path, and 0 for a bare text in its place. It is called
	// where the page is drawn, before. Default: 200 for paths that go-app has a route of.
	Status func(*http.Request) int
	// Around wraps the handler that draws pages, such as by one that keeps what was
	// drawn. It is not called for scripts and styles. Default: nothing around it.
	Around func(pages http.Handler) http.Handler
}

// Handler serves the page's HTML, the scripts that start it and its manifest. It
// does not serve files below /web/. It panics without an icon: go-app would load
// one from another site.
//
// The styles of the packages that the program links are served as well: see
// [Style].
func Handler(opts Options) http.Handler {
	styles, version := opts.Styles, opts.Assets.Version
	wasm, at := opts.Assets.URL("/web/app.wasm"), newRoot(opts.Assets.Root)
	var cached []string
	sheet, script := styleSheet(), startScript()
	if sheet != nil {
		styles, version = slices.Insert(slices.Clone(styles), 0, sheet.url()), version+"-"+sheet.hash
	}
	if script != nil {
		version += "-" + script.hash
		cached = append(cached, script.url())
	}
	return guard(opts, at, sheet, script, translated(opts, func(language string) http.Handler {
		headers := []string{preload(wasm)}
		if script != nil {
			headers = append(headers, scriptElement(script, at, wasm, opts.Assets.WasmSize, opts.scriptWords(language)))
		}
		return &app.Handler{
			Lang:            language,
			Name:            opts.Name,
			ShortName:       opts.Name,
			Title:           opts.Name,
			Description:     opts.Description,
			Version:         version,
			Resources:       resolver{opts.Assets.URL},
			Styles:          slices.Clone(styles), // go-app adds one
			Icon:            withDefaults(opts.Icon),
			BackgroundColor: opts.Color,
			ThemeColor:      opts.Color,
			LoadingLabel:    "{progress}%",
			RawHeaders:      headers,
			// For the service worker.
			CacheableResources: cached,
			// The compressed file's own length would show over 100 %.
			WasmContentLength:     strconv.FormatInt(opts.Assets.WasmSize, 10),
			ServiceWorkerTemplate: workerBypass + app.DefaultAppWorkerJS,
		}
	}))
}

// scriptWords returns what a language's pages give the script.
func (o Options) scriptWords(language string) string {
	if o.ScriptWords == nil {
		return ""
	}
	return o.ScriptWords(language)
}

// translated returns the handler that draws a page in the language of its request: go-app's
// handlers have one language each.
func translated(opts Options, handler func(language string) http.Handler) http.Handler {
	if len(opts.Languages) < 2 || opts.Language == nil {
		return handler(strings.Join(opts.Languages, "")) // go-app's default is "en"
	}
	byLanguage := map[string]http.Handler{}
	for _, language := range opts.Languages {
		byLanguage[language] = handler(language)
	}
	first := byLanguage[opts.Languages[0]]
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h, ok := byLanguage[opts.Language(r)]; ok {
			h.ServeHTTP(w, r)
		} else {
			first.ServeHTTP(w, r)
		}
	})
}

// preload returns a link that makes the browser fetch the wasm while it still
// reads the HTML, instead of after both scripts have run. It must request as
// app.js will, or the answer would be thrown away: the same address, by CORS,
// without credentials for other origins.
func preload(url string) string {
	return `<link rel="preload" as="fetch" type="application/wasm" crossorigin="anonymous" href="` + html.EscapeString(url) + `">`
}

// withDefaults leaves no icon empty: go-app would fetch one from another site, and
// if that failed the service worker's cache would stay empty.
func withDefaults(icon app.Icon) app.Icon {
	any := cmp.Or(icon.SVG, icon.Large, icon.Default, icon.Maskable)
	if any == "" {
		panic("goapp: a page needs an icon")
	}
	return app.Icon{
		Default:  cmp.Or(icon.Default, any),
		Large:    cmp.Or(icon.Large, any),
		SVG:      cmp.Or(icon.SVG, any),
		Maskable: cmp.Or(icon.Maskable, any),
	}
}

// A resolver returns the addresses of files. It is not an http.Handler on purpose:
// with one, go-app would fetch /robots.txt and its like from the host that a
// request names, and keep the answer for everyone.
type resolver struct{ url func(string) string }

// Resolve escapes the address: go-app also puts the path that was asked for in a page, as the
// value of an attribute, which it does not escape.
func (r resolver) Resolve(path string) string {
	if strings.HasPrefix(path, "/web/") {
		path = r.url(path)
	}
	return Attr(path)
}

// workerBypass runs before go-app's own fetch listener in the service worker,
// which answers every request itself. An EventSource that passes through a
// worker loses its Last-Event-ID and never reconnects in Chromium, and is cut
// after 30 s in Firefox: the browser must make such requests itself. Documents
// come from the network while there is one, since go-app caches the front page
// with the messages of the day it was cached. It is cached again with each view, in the
// language of that.
//
// go-app's worker caches the front page when it is installed as well, whoever it has been
// drawn for. What a server marks as no-store is not kept in either way.
const workerBypass = `const home = new URL(self.registration.scope).pathname;
const own = home === "/" ? "app-" : "app" + home; // names its caches, of those of the host
const mayKeep = (response) => response.ok && !/no-store/.test(response.headers.get("cache-control"));
Cache.prototype.addAll = async function (requests) {
  await Promise.all(requests.map(async (request) => {
    const response = await fetch(request);
    if (!response.ok) throw new TypeError(request + ": " + response.status);
    if (mayKeep(response)) await this.put(request, response);
  }));
};

self.addEventListener("fetch", (event) => {
  const accept = event.request.headers.get("accept") || "";
  if (event.request.method !== "GET" || accept.includes("text/event-stream")) {
    event.stopImmediatePropagation();
    return;
  }
  if (event.request.mode === "navigate") {
    event.stopImmediatePropagation();
    event.respondWith(fetch(event.request).then((response) => {
      if (mayKeep(response) && new URL(event.request.url).pathname === home) {
        const copy = response.clone();
        event.waitUntil(caches.open(cacheName).then((cache) => cache.put(home, copy)));
      }
      return response;
    }).catch(async () => {
      return (await caches.match(event.request, { ignoreVary: true })) || Response.error();
    }));
  }
});

`

// policy lets the page run its own files, compile wasm, and nothing else: a second
// line of defence if a text from users ever became markup.
const policy = "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; " +
	"script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"manifest-src 'self'; worker-src 'self'"

// proxied are the files, below any path, that go-app would fetch from the host
// that a request names. Without a resolver for them it answers 500.
var proxied = map[string]bool{"robots.txt": true, "sitemap.xml": true, "ads.txt": true}

// guard has pages drawn by a few at a time, and serves what go-app makes once for each
// version. It refuses methods that a page does not have.
func guard(opts Options, at root, styles, script *file, h http.Handler) http.Handler {
	files := newGeneratedFiles(h, at, script != nil)
	pages := Bound(drawer{h, files, at, opts.Status}, opts.Limits)
	if opts.Around != nil {
		pages = opts.Around(pages)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "same-origin")
		file, isFile := files[r.URL.Path]
		switch {
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "pages are fetched by GET", http.StatusMethodNotAllowed)
		case proxied[path.Base(r.URL.Path)]:
			http.NotFound(w, r) // a server that has one serves it itself
		case styles.isAt(r.URL.Path):
			styles.ServeHTTP(w, r)
		case script.isAt(r.URL.Path):
			script.ServeHTTP(w, r)
		case isFile:
			file.ServeHTTP(w, r)
		default:
			pages.ServeHTTP(w, r)
		}
	})
}
