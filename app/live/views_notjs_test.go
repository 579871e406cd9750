//go:build !js

package live

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/shared/event"
)

func TestViewsOfAnUnchangedPageReadAndDrawNothing(t *testing.T) {
	v := newViewer(t, nil)
	v.host.publish("notes", "alpha")
	page := v.get("/viewed")
	v.expect("at first", page, 1, "alpha")
	for range 10 {
		again := v.get("/viewed")
		v.expect("again", again, 0, "alpha")
		if again.Body.String() != page.Body.String() || again.Header().Get("Content-Length") != fmt.Sprint(page.Body.Len()) {
			t.Fatal("the page is another")
		}
	}
	if v.host.reads.Load() != 1 || v.host.checks.Load() != 10 {
		t.Errorf("%d reads and %d checks, want 1 and 10", v.host.reads.Load(), v.host.checks.Load())
	}
	for name, want := range map[string]string{
		"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-cache", "Vary": "Accept-Encoding", "Content-Encoding": "",
	} {
		if got := v.get("/viewed").Header().Get(name); got != want || page.Header().Get(name) != want {
			t.Errorf("%s is %q, and was %q, want %q", name, got, page.Header().Get(name), want)
		}
	}
	if v.get("/viewed").Header().Get("Content-Security-Policy") == "" {
		t.Error("a page that was kept has no policy")
	}
	v.expect("a HEAD", v.do(t.Context(), "HEAD", "/viewed"), 0, "")
	for range 2 {
		if w := v.get("/not-there"); w.Code != 404 || w.Header().Get("ETag") != "" {
			t.Errorf("an unknown path: %d", w.Code)
		}
	}
}

func TestViewsDrawAPageAnewOnceItsTopicsHaveChanged(t *testing.T) {
	v := newViewer(t, nil)
	v.host.publish("notes", "alpha")
	v.expect("at first", v.get("/viewed"), 1, "alpha")
	v.host.publish("elsewhere", "x")
	v.expect("after an event of another topic", v.get("/viewed"), 0, "alpha")
	v.host.publish("notes", "beta")
	v.expect("after an event", v.get("/viewed"), 1, "alpha beta")
	v.host.publish("poll.red", "x")
	v.expect("after an event of the state", v.get("/viewed"), 1, "alpha beta")
	v.expect("again", v.get("/viewed"), 0, "alpha beta")
	if f := carriedIn(t, v.get("/viewed").Body.String()); f.Position.Seq() != 4 || len(f.States) != 1 {
		t.Errorf("it carries %+v", f)
	}
	v.host.set(func() { v.host.refused = true })
	v.expect("a state that is hidden", v.get("/viewed"), 1, "alpha beta")
	v.expect("and stays so", v.get("/viewed"), 1, "alpha beta")
}

// Everything that was acknowledged before a request is in its page, whatever is being
// drawn just then.
func TestViewsHaveWhatWasAcknowledgedBefore(t *testing.T) {
	v := newViewer(t, nil)
	var all sync.WaitGroup
	for viewer := range 8 {
		all.Go(func() {
			for i := range 25 {
				text := fmt.Sprintf("note-%d-%d.", viewer, i)
				v.host.publish("notes", text)
				if w := v.get("/viewed"); !strings.Contains(w.Body.String(), text) {
					t.Errorf("the page lacks %s", text)
				}
			}
		})
	}
	all.Wait()
}

func TestViewsOfOneMomentShareADraw(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newViewer(t, nil)
		gate := make(chan struct{})
		v.host.set(func() { v.host.gate = gate })
		var all sync.WaitGroup
		begin := func(n int, has string) {
			for range n {
				all.Go(func() {
					if w := v.get("/viewed"); w.Code != 200 || !strings.Contains(w.Body.String(), has) {
						t.Errorf("answered %d without %s: %s", w.Code, has, w.Body)
					}
				})
			}
			synctest.Wait()
		}
		v.host.publish("notes", "alpha")
		begin(20, "alpha")
		v.host.publish("notes", "beta") // the draw under way does not have it
		begin(20, "beta")
		close(gate)
		all.Wait()
		v.expect("40 views", v.get("/viewed"), 2, "beta")
	})
}

func TestViewsOfAPageThatLacksSomethingAreNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newViewer(t, nil)
		v.host.publish("notes", "alpha")
		v.host.set(func() { v.host.away = true })
		if w := v.get("/viewed"); w.Code != 200 || strings.Contains(w.Body.String(), "alpha") || w.Header().Get("ETag") != "" {
			t.Errorf("without its log a page is answered %d %s", w.Code, w.Body)
		}
		v.host.set(func() { v.host.away = false })
		time.Sleep(backoffTime)
		v.before = renders.Load()
		v.expect("with its log", v.get("/viewed"), 1, "alpha")
		v.expect("again", v.get("/viewed"), 0, "alpha")

		// A page that was kept is not proved without the log, nor waited for twice.
		v.host.set(func() { v.host.away = true })
		begin := time.Now()
		v.expect("without it again", v.get("/viewed"), 1, "")
		v.expect("and again", v.get("/viewed"), 1, "")
		if took := time.Since(begin); took != loadTime {
			t.Errorf("two views took %v", took)
		}
		v.host.set(func() { v.host.away = false; v.host.refused = true })
		time.Sleep(backoffTime)
		v.expect("without its state", v.get("/viewed"), 1, "alpha")
		v.expect("again", v.get("/viewed"), 1, "alpha")
	})
}

// What else a page shows may change at any time: nothing is known of a page that does
// not call Init, or that depends on more than its path.
func TestViewsThatDependOnMoreAreDrawnEachTime(t *testing.T) {
	v := newViewer(t, nil)
	v.host.publish("notes", "alpha")
	for _, path := range []string{"/uninitialised", "/viewed?of=me", "/viewed?", "/any/a%2Fb"} {
		v.expect(path, v.get(path), 1, "seaway-page")
		w := v.get(path)
		v.expect(path+" again", w, 1, "seaway-page")
		if w.Header().Get("ETag") != "" {
			t.Errorf("%s has an ETag", path)
		}
	}
	never := newViewer(t, func(s *Site) { s.MaxAge = -1 })
	never.host.publish("notes", "alpha")
	for range 2 {
		never.expect("with a negative MaxAge", never.get("/viewed"), 1, "alpha")
	}
}

func TestViewsGetNoOlderThanTheirMaxAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newViewer(t, func(s *Site) { s.MaxAge = 10 * time.Second })
		v.host.publish("notes", "alpha")
		v.host.publish("notes", "brief", event.Expires(3*time.Second))
		v.expect("at first", v.get("/viewed"), 1, "alpha brief")
		time.Sleep(2 * time.Second)
		v.expect("after 2 s", v.get("/viewed"), 0, "alpha brief")
		time.Sleep(time.Second)
		w := v.get("/viewed")
		v.expect("once an event has expired", w, 1, "alpha")
		if strings.Contains(w.Body.String(), "brief") {
			t.Error("it shows an event that has expired")
		}
		time.Sleep(10*time.Second - 1)
		v.expect("just before its age", v.get("/viewed"), 0, "alpha")
		time.Sleep(time.Nanosecond)
		v.expect("at its age", v.get("/viewed"), 1, "alpha")
	})
}

// A middleware's cookies are of one request.
func TestViewsKeepNothingOfTheirRequest(t *testing.T) {
	v := newViewer(t, nil)
	inner := v.Handler
	v.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "user", Value: r.Header.Get("X-User")})
		inner.ServeHTTP(w, r)
	})
	for _, user := range []string{"ann", "bob"} {
		w := v.get("/viewed", "X-User", user)
		if cookies := w.Header().Values("Set-Cookie"); len(cookies) != 1 || cookies[0] != "user="+user {
			t.Errorf("%s gets %q", user, cookies)
		}
	}
	v.expect("another", v.get("/viewed"), 1, "")
}

func TestViewsAreNotModifiedForAClientThatHasThem(t *testing.T) {
	v := newViewer(t, nil)
	v.host.publish("notes", "alpha")
	tag := v.get("/viewed").Header().Get("ETag")
	for header, want := range map[string]int{tag: 304, `"x", ` + tag: 304, strings.TrimPrefix(tag, "W/"): 304, `"x"`: 200, "": 200} {
		w := v.get("/viewed", "If-None-Match", header, "Accept-Encoding", "gzip")
		if w.Code != want || w.Header().Get("ETag") != tag || w.Header().Get("Cache-Control") != "no-cache" || (w.Body.Len() == 0) != (want == 304) {
			t.Errorf("%s: %d %v", header, w.Code, w.Header())
		}
	}
	v.host.publish("notes", "beta")
	if w := v.get("/viewed", "If-None-Match", tag); w.Code != 200 || w.Header().Get("ETag") == tag {
		t.Errorf("the next page: %d, and its tag is %s", w.Code, w.Header().Get("ETag"))
	}
	if w := v.get("/any/other", "If-None-Match", tag); w.Code != 200 {
		t.Errorf("another path: %d", w.Code)
	}
}

func TestViewsAreCompressedOnce(t *testing.T) {
	v := newViewer(t, nil)
	plain := v.get("/viewed").Body.String()
	w := v.get("/viewed", "Accept-Encoding", "gzip")
	z, err := gzip.NewReader(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(z); string(text) != plain || err != nil || w.Header().Get("Content-Encoding") != "gzip" || w.Header().Get("Content-Length") != fmt.Sprint(w.Body.Len()) {
		t.Errorf("it unpacks to %s (%v), headers %v", text, err, w.Header())
	}
	if w := v.get("/viewed", "Accept-Encoding", "br"); w.Header().Get("Content-Encoding") != "" || w.Body.String() != plain {
		t.Errorf("brotli alone is answered in %q", w.Header().Get("Content-Encoding"))
	}
}

// A client that goes before its page is drawn leaves the draw to those who wait for it.
func TestViewsOutliveTheClientThatTheyAreDrawnFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newViewer(t, func(s *Site) { s.Limits.Drawing = 1 })
		one, two := make(chan struct{}), make(chan struct{})
		v.host.set(func() { v.host.gate = one })
		var all sync.WaitGroup
		all.Go(func() { v.get("/viewed") })
		synctest.Wait()
		all.Go(func() { v.get("/any/other") }) // waits for the slot
		synctest.Wait()
		ctx, leave := context.WithCancel(t.Context())
		stayed := make(chan *httptest.ResponseRecorder, 1)
		for i := range 21 { // one in the middle, so that it is hardly the next to draw
			all.Go(func() {
				if i == 10 {
					stayed <- v.get("/viewed")
				} else {
					v.do(ctx, "GET", "/viewed")
				}
			})
		}
		synctest.Wait()
		v.host.publish("notes", "alpha") // so that all need the next draw
		v.host.set(func() { v.host.gate = two })
		close(one)
		synctest.Wait() // one of them waits for the slot, and the others for it
		leave()
		synctest.Wait()
		close(two)
		all.Wait()
		v.expect("the one who stayed", <-stayed, 3, "alpha")
	})
}

func TestViewsAreDrawnAfterOneThatPanicked(t *testing.T) {
	v := newViewer(t, nil)
	failing.Store(true)
	for range 2 {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic is not passed on")
				}
			}()
			v.get("/viewed")
		}()
	}
	failing.Store(false)
	v.before = renders.Load()
	v.expect("the next", v.get("/viewed"), 1, "seaway-page")
}

// A process has several servers, each with pages and events of its own.
func TestViewsAreOfTheirOwnServer(t *testing.T) {
	one, other := newViewer(t, nil), newViewer(t, func(s *Site) {
		s.Routes = Routes{"/viewed": func(Request) app.Composer { return &drawn{} }}
	})
	one.host.publish("notes", "one")
	other.host.publish("notes", "other")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			a, b := one.get("/viewed").Body.String(), other.get("/viewed").Body.String()
			if !strings.Contains(a, "<main><p>one</p><p>yes</p></main>") || !strings.Contains(b, "<main><p>other</p></main>") {
				t.Errorf("one draws %s, the other %s", a, b)
			}
		})
	}
	all.Wait()
	if w := other.get("/any/thing"); w.Code != 404 {
		t.Errorf("a page of the other's: %d", w.Code)
	}
}
