package source_test

import (
	"syscall/js"
	"testing"

	"github.com/seawaykit/seaway/app/source"
	script "github.com/seawaykit/seaway/app/transport/transporttest"
	"github.com/seawaykit/seaway/shared/browser"
)

// dispatch has a target hear an event of the browser's.
func dispatch(target, name string) {
	js.Global().Get(target).Call("dispatchEvent", js.Global().Get("Event").New(name))
}

// override gives an object of the browser's another property until the test ends.
func override(t *testing.T, object js.Value, name string, value any) {
	t.Helper()
	object = js.Global().Get("Object").Call("defineProperty", object, name,
		map[string]any{"value": value, "configurable": true})
	t.Cleanup(func() { js.Global().Get("Reflect").Call("deleteProperty", object, name) })
}

// The connection has gone when the handler of pagehide returns: the browser
// looks for one right after it.
func TestBackForwardCacheOfTheBrowser(t *testing.T) {
	srv := script.Serve(t, fresh(script.Hold, text(notes(1, 1)...)), resumed(1, text(notes(2, 2)...)))
	tab := open(t, srv, source.Options{})
	tab.expect(t, "connecting", "live", "1")
	dispatch("window", "pagehide")
	if s := tab.State(); s.Phase != source.Stale {
		t.Errorf("after pagehide the state is %+v", s)
	}
	tab.expect(t, "stale: the page was left")
	srv.Wait(1, 0)
	dispatch("window", "pageshow")
	tab.expect(t, "live", "2")
	if got := after(t, srv.Wait(2, 1)[1]); got != at(1).String() {
		t.Errorf("asks for what is after %q, want %v", got, at(1))
	}
}

func TestPageEventsOfTheBrowserAreReceived(t *testing.T) {
	srv := script.Serve(t, fresh(script.Hold))
	opts := source.Options{URL: srv.URL, Topics: []string{"notes"}}
	src := source.New(opts)
	received := make(chan source.PageEvent, 10)
	src.OnTrace(func(r source.Trace) {
		if r.Kind == source.PageEventReceived {
			received <- r.PageEvent
		}
	})
	if err := src.Start(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		target string
		report source.PageEvent
	}{
		{"document", source.VisibilityChange}, {"document", source.Resume},
		{"window", source.PageHide}, {"window", source.PageShow},
		{"window", source.WentOffline}, {"window", source.WentOnline}, {"window", source.Focus},
	} {
		dispatch(c.target, string(c.report))
		if got := <-received; got != c.report {
			t.Errorf("heard %q, want %q", got, c.report)
		}
	}
	src.Close()
	<-src.Done()
	if n := browser.Callbacks(); n != 0 {
		t.Errorf("%d callbacks are not released", n)
	}
}

func TestBrowserKnowsItsVisibilityAndNetwork(t *testing.T) {
	srv := script.Serve(t, script.Answer{Then: script.Cut}, fresh(script.Hold))
	override(t, js.Global().Get("navigator"), "onLine", false)
	tab := open(t, srv, source.Options{})
	tab.expect(t, "connecting", "offline: the server cannot be reached")
	override(t, js.Global().Get("navigator"), "onLine", true)
	dispatch("window", "online")
	tab.expect(t, "waiting: the server cannot be reached", "connecting", "live")
}
