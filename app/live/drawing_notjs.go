//go:build !js

package live

import (
	"bytes"
	"encoding/json"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/shared/event"
)

// A drawing is the draw of one page, with what the page is drawn from. It belongs to
// the goroutine that draws.
type drawing struct {
	language Language // that the reader asked for
	pages    *pages   // nil outside of a draw
	request  *http.Request
	found    app.Composer
	loads    int      // calls of Init
	topics   []string // of the events and states that were loaded
	since    event.ID // up to which all of them are complete
	until    time.Time
	failed   bool // something could not be loaded

	private bool  // it is for the request's sender alone
	user    any   // nil if the page has not asked for it
	err     error // in the place of the user
}

// drawings are the draws under way, by goroutine. go-app draws a page without its
// request, on the goroutine that asked for it: a component's OnInit has no other way
// to find what it is drawn for. Should go-app ever draw on another goroutine, no
// drawing is found, and no page is kept.
var drawings sync.Map

// goroutine returns the number of the calling goroutine, as text.
func goroutine() string {
	var room [64]byte
	text, _, _ := bytes.Cut(room[:runtime.Stack(room[:], false)], []byte(" ["))
	return string(text)
}

// serve has a page drawn on the calling goroutine.
func (d *drawing) serve(pages http.Handler, w http.ResponseWriter, r *http.Request) {
	g := goroutine()
	drawings.Store(g, d)
	defer drawings.Delete(g)
	pages.ServeHTTP(w, r)
}

// draw has a page drawn in a language, for maxAge at most, and returns the answer and what
// it was drawn from.
func (p *pages) draw(r *http.Request, l Language, maxAge time.Duration) (*answer, *drawing) {
	d := &drawing{language: l, pages: p, request: r, until: time.Now().Add(maxAge)}
	a := &answer{header: http.Header{}}
	d.serve(p.drawer, a, r)
	if d.private && a.status != 0 {
		a.makePrivate(d)
	}
	return a, d
}

// drawingHere returns the draw of the calling goroutine. Outside of one it is never read.
func drawingHere() *drawing {
	if d, ok := drawings.Load(goroutine()); ok {
		return d.(*drawing)
	}
	return &drawing{}
}

// note notes topics of which everything up to a position has been loaded.
func (d *drawing) note(position event.ID, topics ...string) {
	if len(d.topics) == 0 || position.Seq() < d.since.Seq() {
		d.since = position
	}
	d.topics = append(d.topics, topics...)
}

// expire notes when an event that was loaded leaves the log by its own lifetime.
func (d *drawing) expire(at time.Time) {
	if !at.IsZero() && at.Before(d.until) {
		d.until = at
	}
}

// find finds the page at the path of a request, and returns the status that it is drawn
// with: 0 if there is none.
func (d *drawing) find(r *http.Request) int {
	if d.pages == nil {
		return 0
	}
	c, found := d.pages.routes.find(Request{path: r.URL.Path, user: d.decodeUser})
	switch d.found = c; {
	case c == nil:
		return 0
	case !found:
		return http.StatusNotFound
	}
	return http.StatusOK
}

// decodeUser decodes the user into v, as the browser does, and makes the page private.
func (d *drawing) decodeUser(v any) {
	d.private = true
	if d.user == nil && d.err == nil && d.pages.user != nil {
		d.user, d.err = d.pages.user(d.request)
	}
	if text, err := json.Marshal(d.user); err != nil {
		d.err = err
	} else if err := json.Unmarshal(text, v); err != nil {
		d.err = err
	}
}

// isKeepable reports whether all that the page shows is known: it has called Init, and
// nothing was missing.
func (d *drawing) isKeepable() bool { return d.loads > 0 && !d.failed && !d.private }

// isUnchanged reports whether a page that is drawn now would be drawn from the same.
func (d *drawing) isUnchanged() bool {
	switch {
	case !time.Now().Before(d.until):
		return false
	case len(d.topics) == 0:
		return true
	}
	return d.pages.loader.isUnchanged(d.since, slices.Clip(d.topics))
}
