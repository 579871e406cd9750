//go:build !js

package goapp_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
)

// A painter takes a second for each page.
type painter struct{ at, most, drawn atomic.Int64 }

func (p *painter) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	at := p.at.Add(1)
	defer p.at.Add(-1)
	for most := p.most.Load(); at > most && !p.most.CompareAndSwap(most, at); most = p.most.Load() {
	}
	time.Sleep(time.Second) // the bubble's
	p.drawn.Add(1)
	w.Header().Set("X-Painter", "yes")
	w.WriteHeader(http.StatusAccepted)
	_, _ = io.WriteString(w, "<!doctype html><p>drawn")
}

func TestLimitsHoldWhatIsDrawnAndWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &painter{}
		h := goapp.Bound(p, goapp.Limits{Drawing: 3, Waiting: 6, Wait: time.Minute})
		var all sync.WaitGroup
		var drawn, busy atomic.Int64
		for range 20 {
			all.Go(func() {
				w := httptest.NewRecorder()
				h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
				switch {
				case w.Code == 202 && w.Body.String() == "<!doctype html><p>drawn" && w.Header().Get("X-Painter") == "yes" && w.Header().Get("Content-Type") == "text/html; charset=utf-8":
					drawn.Add(1)
				case w.Code == 503 && w.Header().Get("Retry-After") == "1" && w.Body.Len() < 100:
					busy.Add(1)
				default:
					t.Errorf("answered %d %v %s", w.Code, w.Header(), w.Body)
				}
			})
		}
		all.Wait()
		if p.most.Load() != 3 || drawn.Load() != 9 || busy.Load() != 11 {
			t.Errorf("%d were drawn, %d at once, and %d refused, want 9, 3 and 11", drawn.Load(), p.most.Load(), busy.Load())
		}
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil)); w.Code != 202 {
			t.Errorf("after them: %d", w.Code)
		}
	})
}

func TestLimitsEndWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &painter{}
		h := goapp.Bound(p, goapp.Limits{Drawing: 1}) // 2 s
		var all sync.WaitGroup
		var busy atomic.Int64
		for range 10 {
			all.Go(func() {
				w := httptest.NewRecorder()
				if h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil)); w.Code == 503 {
					busy.Add(1)
				}
			})
		}
		all.Wait()
		if got := p.drawn.Load(); got < 2 || got > 3 || got+busy.Load() != 10 {
			t.Errorf("%d were drawn and %d refused", got, busy.Load())
		}
	})
}

func TestLimitsForgetClientsThatHaveGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &painter{}
		h := goapp.Bound(p, goapp.Limits{Drawing: 1, Waiting: 10, Wait: time.Minute})
		ctx, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		load := func(ctx context.Context) {
			all.Go(func() { h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/", nil)) })
		}
		load(t.Context())
		synctest.Wait()
		for range 10 {
			load(ctx)
		}
		synctest.Wait()
		cancel()
		synctest.Wait()
		load(ctx)
		for range 5 { // there is room for them again
			load(t.Context())
		}
		all.Wait()
		if p.drawn.Load() != 6 {
			t.Errorf("%d were drawn, want 6", p.drawn.Load())
		}
	})
}

// A client that does not read its page does not block other requests.
func TestLimitsDoNotCountWhatIsBeingSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := goapp.Bound(&painter{}, goapp.Limits{Drawing: 1})
		stuck := &stuckWriter{ResponseRecorder: httptest.NewRecorder(), free: make(chan struct{})}
		var sending sync.WaitGroup
		sending.Go(func() { h.ServeHTTP(stuck, httptest.NewRequest("GET", "/", nil)) })
		time.Sleep(1500 * time.Millisecond)
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil)); w.Code != 202 {
			t.Errorf("the next is answered %d", w.Code)
		}
		close(stuck.free)
		sending.Wait()
	})
}

type stuckWriter struct {
	*httptest.ResponseRecorder
	free chan struct{}
}

func (s *stuckWriter) Write(p []byte) (int, error) {
	<-s.free
	return s.ResponseRecorder.Write(p)
}

// A page that panics must not keep its place.
func TestLimitsOutliveAPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fail := true
		h := goapp.Bound(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			if fail {
				panic("bad page")
			}
		}), goapp.Limits{Drawing: 1})
		func() {
			defer func() {
				if v := recover(); v != "bad page" {
					t.Errorf("recovered %v", v)
				}
			}()
			h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
		}()
		fail = false
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil)); w.Code != 200 {
			t.Errorf("the next is answered %d", w.Code)
		}
	})
}

// A slow page takes a second to be drawn.
type slow struct{ app.Compo }

func (*slow) OnInit()        { time.Sleep(time.Second) } // the bubble's
func (*slow) Render() app.UI { return app.P().Text("at last") }

func init() { app.Route("/slow", func() app.Composer { return &slow{} }) }

// Its scripts are made once, and come beside any number of pages.
func TestLimitsOfAHandlerAreThoseOfItsPages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := goapp.Handler(goapp.Options{
			Icon: app.Icon{SVG: "/web/icon.svg"}, Assets: goapp.Assets{URL: func(path string) string { return path }, Version: "v1"},
			Limits: goapp.Limits{Drawing: 2, Waiting: 3, Wait: time.Minute},
		})
		status := func(path string) int {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
			return w.Code
		}
		var all sync.WaitGroup
		var drawn, busy atomic.Int64
		for range 10 {
			all.Go(func() {
				switch status("/slow") {
				case 200:
					drawn.Add(1)
				case 503:
					busy.Add(1)
				}
			})
		}
		synctest.Wait()
		if got := status("/app.js"); got != 200 {
			t.Errorf("a script is answered %d", got)
		}
		all.Wait()
		if drawn.Load() != 5 || busy.Load() != 5 {
			t.Errorf("%d were drawn and %d refused, want 5 of each", drawn.Load(), busy.Load())
		}
	})
}
