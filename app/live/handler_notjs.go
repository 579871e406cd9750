//go:build !js

package live

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
	"github.com/seawaykit/seaway/shared/event"
)

// A Host is the server that pages are drawn on: it has the addresses of files and
// the events of topics. The Server of package server/live is one.
type Host interface {
	URL(path string) string // the address of a file below /web/
	Root() string           // the address of the front page, as https://example.com/app/; "/" if the site's host is not known
	Version() string        // changes whenever any of the files does
	WasmSize() int64        // of app.wasm, unpacked
	// Snapshot returns the newest last events of the topics, the oldest first, and the
	// position up to which they are complete. Events acknowledged before the call are
	// included.
	Snapshot(ctx context.Context, topics []string, last int) ([]event.Event, event.ID, error)
	// Sees returns nil if who the context is of may see a topic in a page, and the refusal
	// if not: the sender of a request by its context, a stranger by any other.
	Sees(ctx context.Context, topic string) error
	// State returns the window of the state of a topic as JSON, with the fingerprint
	// of its type, and a position: all events of the topic up to it are in the value.
	// What has been acknowledged before the call is among them. A state that who the
	// context is of may not see is an error.
	State(ctx context.Context, topic string) (value []byte, fingerprint string, position event.ID, err error)
	// Unchanged reports whether a page that was drawn from topics up to a position
	// would be drawn from the same now: no event of theirs that was acknowledged before
	// the call comes after it, and a stranger still may see them. It is called for
	// each view of a page, and may report false whenever that is cheaper to know.
	Unchanged(ctx context.Context, since event.ID, topics ...string) (bool, error)
}

// A Site configures [Handler]: names, styles and icons of a program's pages.
type Site struct {
	Name        string   // of the page, and its title until a component sets another
	Description string   // a sentence, for search engines
	Color       string   // of the window before any style has come, as in "#0b1f2a"
	Styles      []string // as in "/web/app.css"; they come after those of packages
	Icon        app.Icon // at least one: see [goapp.Options]
	Limits      goapp.Limits

	// Routes are the pages, with one for [NotFound] if there is one.
	Routes Routes
	// User returns what pages may know of their users: see [User.From].
	User UserFunc

	// Languages are those that the pages are drawn in, the default one first. A page is
	// in the language that its reader has chosen by a form of [LanguageSwitch], or else in
	// the best of the browser's Accept-Language. A component reads which by
	// [PageLanguage]; the HTML names it. Default: English.
	Languages []Language

	// MaxAge is how long the HTML of a page is served while the events and states that
	// Init has loaded are unchanged. It matters to pages that show anything else: the
	// time, or what the server's half reads elsewhere. Default a minute; with a negative
	// one each view is drawn.
	MaxAge time.Duration
}

// Handler serves the pages of a site: their HTML, the scripts that start them, the styles of
// packages and the manifest. It does not serve files below /web/. It panics without an icon.
//
// A process may have several, each with pages and a host of its own. The routes of go-app
// itself, by [app.Route], are not served.
func Handler(host Host, site Site) http.Handler {
	registerOnce()
	languages := languages(site.Languages).withDefaults()
	root, err := url.Parse(host.Root())
	if err != nil {
		panic("live: the host's address: " + err.Error())
	}
	opts := goapp.Options{
		Name: site.Name, Description: site.Description, Color: site.Color,
		Styles: site.Styles, Icon: site.Icon, Limits: site.Limits,
		Status:      func(r *http.Request) int { return drawingHere().find(r) },
		Languages:   languages.tags(),
		Language:    func(*http.Request) string { return pageLanguage() },
		ScriptWords: languages.startWords,
		Assets:      goapp.Assets{URL: host.URL, Root: host.Root(), Version: host.Version(), WasmSize: host.WasmSize()},
	}
	if opts.Limits.Busy == nil {
		opts.Limits.Busy = func(*http.Request) string { return drawingHere().language.Words.Busy }
	}
	opts.Around = func(drawer http.Handler) http.Handler {
		pages := &pages{drawer: drawer, loader: &loader{host: host}, routes: site.Routes, user: site.User}
		return newViews(pages, languages, cmp.Or(site.MaxAge, defaultMaxAge))
	}
	h := goapp.Handler(opts)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && r.URL.Path == LanguagePath {
			languages.choose(w, r, root)
			return
		}
		h.ServeHTTP(w, r)
	})
}
