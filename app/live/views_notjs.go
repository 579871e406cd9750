//go:build !js

package live

import (
	"net/http"
	"net/url"
	"sync"
	"time"
)

// defaultMaxAge is how old a page may get while nothing that it was drawn from has
// changed. What it shows besides, such as how long ago something was, the browser
// draws anew as soon as the wasm runs. At one view a second of a page, drawing it once
// a minute is 2 percent of drawing each.
const defaultMaxAge = time.Minute

// views answers requests for pages. It keeps what a page was answered with, and
// answers with that while the host reports that the topics which it was drawn from are
// unchanged.
type views struct {
	pages     *pages // draw
	languages languages
	maxAge    time.Duration // negative: nothing is kept
	kept      kept

	mu      sync.Mutex
	drawing map[viewKey]*shared
}

// A viewKey is what a page is drawn for.
type viewKey struct{ path, language string }

// A shared is a draw under way, and the answer once done is closed: nil if there is
// none for others, since it is private, the client that it was drawn for has gone, or it
// panicked.
type shared struct {
	done chan struct{}
	*answer
}

func newViews(pages *pages, languages languages, maxAge time.Duration) *views {
	return &views{pages: pages, languages: languages, maxAge: maxAge, drawing: map[viewKey]*shared{}}
}

// ServeHTTP serves a page. A page that depends on more of its address than the path is
// drawn for each request.
func (v *views) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l := v.languages.of(r)
	v.languages.vary(w.Header(), l)
	if v.maxAge < 0 || *r.URL != (url.URL{Path: r.URL.Path}) {
		a, _ := v.pages.draw(r, l, 0)
		a.serve(w, r)
		return
	}
	if a := v.answer(r, l); a != nil {
		a.serve(w, r)
	}
}

// answer returns an answer that has all that was acknowledged before it was called, or
// nil if the client has gone. Requests for a page that has to be drawn share a draw
// that began after they came.
func (v *views) answer(r *http.Request, l Language) *answer {
	key := viewKey{r.URL.Path, l.Tag}
	for first := true; ; first = false {
		p := v.kept.get(key)
		switch {
		case p != nil && p.private && time.Now().Before(p.until):
			a, _ := v.pages.draw(r, l, 0)
			return a
		case p != nil && !p.private && p.isUnchanged():
			return p.answer
		}
		s, mine := v.join(key)
		if mine {
			return v.draw(s, r, l, p)
		}
		select {
		case <-s.done:
		case <-r.Context().Done():
			return nil
		}
		// The first draw that is waited for began before this call, and may lack
		// something: it has to be found unchanged. The next one began after it.
		if !first && s.answer != nil {
			return s.answer
		}
	}
}

// join joins the draw of a page, or begins one.
func (v *views) join(key viewKey) (s *shared, mine bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if s, ok := v.drawing[key]; ok {
		return s, false
	}
	s = &shared{done: make(chan struct{})}
	v.drawing[key] = s
	return s, true
}

// draw draws a page for all that share the draw, and keeps it, unless another draw has
// replaced the one that has changed meanwhile. One that turns out to be private is for its
// own request alone, and kept is that it is private: others are drawn by themselves.
func (v *views) draw(s *shared, r *http.Request, l Language, changed *keptPage) *answer {
	key := viewKey{r.URL.Path, l.Tag}
	defer func() { // also if the page panics
		v.mu.Lock()
		delete(v.drawing, key)
		v.mu.Unlock()
		close(s.done)
	}()
	if p := v.kept.get(key); p != nil && p != changed && !p.private && p.isUnchanged() {
		s.answer = p.answer
		return s.answer
	}
	a, d := v.pages.draw(r, l, v.maxAge)
	switch {
	case a.status == 0:
		return a
	case d.private:
		v.kept.put(&keptPage{key, &answer{}, &drawing{private: true, until: d.until}})
		return a
	case a.status == http.StatusOK && d.isKeepable():
		a.complete()
		d.request, d.found = nil, nil
		v.kept.put(&keptPage{key, a, d})
	default:
		v.kept.remove(key)
	}
	s.answer = a
	return a
}
