package source_test

import (
	"fmt"
	"strings"
	"syscall/js"
	"testing"
	"time"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/app/transport"
	script "github.com/seawaykit/seaway/app/transport/transporttest"
	"github.com/seawaykit/seaway/shared/browser"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// openTabs opens sources that stand for tabs: locks and channels work within one
// page as they do between several.
func openTabs(t *testing.T, srv *script.Server, n int, opts source.Options) (tabs []*tab) {
	t.Helper()
	opts.Share = source.ShareAlways
	for range n {
		tabs = append(tabs, openBeside(t, srv, opts))
		tabs[len(tabs)-1].expect(t, "connecting", "live")
	}
	t.Cleanup(func() {
		for _, tab := range tabs {
			tab.Close()
			<-tab.Done()
		}
		if n := browser.Callbacks(); n != 0 {
			t.Errorf("%d callbacks are not released", n)
		}
	})
	return tabs
}

func TestTabsShareOneConnection(t *testing.T) {
	heartbeats := text(sourcetest.Heartbeat(at(0)))
	srv := script.Serve(t, fresh(script.Hold, heartbeats, text(notes(1, 2)...)))
	tabs := openTabs(t, srv, 4, source.Options{After: at(0)})
	for _, tab := range tabs {
		tab.expect(t, "1", "2")
		if s := tab.State(); s.ReadyState != transport.ReadyOpen {
			t.Errorf("the state is %+v", s)
		}
	}
	if requests := srv.Wait(1, 1); len(requests) != 1 {
		t.Errorf("4 tabs made %d requests", len(requests))
	}
}

// The next in the queue goes on where it stands, and the others after it; none
// is told that there was a change.
func TestNextTabLeadsWhenTheLeaderCloses(t *testing.T) {
	srv := script.Serve(t, fresh(script.Hold, text(notes(1, 1)...)), resumed(1, text(notes(2, 2)...)), resumed(2, text(notes(3, 3)...)))
	tabs := openTabs(t, srv, 3, source.Options{After: at(0)})
	for i, tab := range tabs {
		for _, next := range tabs[i:] {
			next.expect(t, fmt.Sprint(i+1))
		}
		tab.Close()
		<-tab.Done()
	}
	if requests := srv.Wait(3, 0); len(requests) != 3 || after(t, requests[2]) != at(2).String() {
		t.Errorf("the requests are %+v", requests)
	}
}

// One connection brings the topics of both, and each is sent its own, also when the tab
// that has it closes.
func TestTabsOfDifferentTopicsShareOneConnection(t *testing.T) {
	srv := script.Serve(t, resumed(1, text(on("a", 2))), resumed(1, text(on("b", 3))),
		resumed(2, text(on("b", 3), on("a", 4), on("b", 5))), resumed(5, text(on("b", 6))))
	opts := source.Options{After: at(1), HelloWithin: 5 * time.Second, Share: source.ShareAlways}
	var tabs []*tab
	for _, topic := range []string{"a", "b"} {
		opts.Topics = []string{topic}
		tab := openBeside(t, srv, opts)
		tab.expect(t, "connecting", "live")
		t.Cleanup(func() { tab.end(t) })
		tabs = append(tabs, tab)
	}
	tabs[0].expect(t, "2", "4")
	tabs[1].expect(t, "3", "5")
	requests := srv.Wait(3, 1)
	for i, want := range []string{"topic=a", "topic=b", "topic=a&topic=b"} {
		if len(requests) != 3 || !strings.Contains(requests[i].Query, want) {
			t.Fatalf("the requests are %+v", requests)
		}
	}
	tabs[0].Close()
	tabs[1].expect(t, "6")
	if requests := srv.Wait(4, 1); len(requests) != 4 || requests[3].Param("topic") != "b" || after(t, requests[3]) != at(5).String() {
		t.Errorf("the requests are %+v", requests)
	}
}

// What is followed later comes on a connection of its own first, and the stream goes on
// as if nothing had happened.
func TestFollowInABrowser(t *testing.T) {
	retained := sourcetest.HelloFrom(wire.Hello{Epoch: "e1", Head: at(7), Mode: wire.Live}, at(3))
	srv := script.Serve(t, resumed(1, text(on("a", 2), on("a", 7))),
		script.Answer{Parts: []string{text(retained, on("b", 4), on("b", 6)), text(sourcetest.Heartbeat(at(7)))}},
		resumed(7, text(on("b", 8), on("a", 9))))
	tab := openBeside(t, srv, source.Options{Topics: []string{"a"}, After: at(1), Last: 3, Share: source.ShareNever})
	t.Cleanup(func() { tab.end(t) })
	tab.expect(t, "connecting", "live", "2", "7")
	if err := tab.Follow("b"); err != nil {
		t.Fatal(err)
	}
	tab.expect(t, "4", "6", "8", "9")
	srv.Wait(3, 1)
}

// Somebody who never answers has the lock, as a tab does that hangs. It is taken
// away from there, and the tab that had lost it did not lose its stream.
func TestLockIsTakenFromALeaderThatDoesNotAnswer(t *testing.T) {
	srv := script.Serve(t, fresh(script.Hold, text(notes(1, 1)...)), resumed(1, text(notes(2, 2)...)))
	tabs := openTabs(t, srv, 2, source.Options{After: at(0), HelloWithin: 3 * time.Second})
	for _, tab := range tabs {
		tab.expect(t, "1")
	}
	lost := steal(t, heldLock(t))
	if why := (<-lost).Get("name").String(); why != "AbortError" {
		t.Errorf("the thief was told %q", why)
	}
	for _, tab := range tabs {
		tab.expect(t, "2")
	}
	srv.Wait(2, 1)
}

// Without locks every tab has a connection of its own.
func TestBrowserWithoutLocks(t *testing.T) {
	prototype := js.Global().Get("Navigator").Get("prototype")
	descriptor := js.Global().Get("Object").Call("getOwnPropertyDescriptor", prototype, "locks")
	prototype.Delete("locks")
	defer js.Global().Get("Object").Call("defineProperty", prototype, "locks", descriptor)
	srv := script.Serve(t, fresh(script.Hold, text(notes(1, 1)...)))
	for _, tab := range openTabs(t, srv, 2, source.Options{}) {
		tab.expect(t, "1")
	}
	srv.Wait(2, 2)
}

// heldLock returns the name of the only lock that is held.
func heldLock(t *testing.T) string {
	t.Helper()
	held := (<-settled(js.Global().Get("navigator").Get("locks").Call("query"))).Get("held")
	if n := held.Length(); n != 1 {
		t.Fatalf("%d locks are held, want 1", n)
	}
	return held.Index(0).Get("name").String()
}

// steal takes a lock and returns how it was lost.
func steal(t *testing.T, name string) (lost <-chan js.Value) {
	t.Helper()
	granted := make(chan struct{})
	forGood, _ := browser.NewPromise()
	grant := js.FuncOf(func(js.Value, []js.Value) any {
		close(granted)
		return forGood
	})
	t.Cleanup(grant.Release)
	lost = settled(js.Global().Get("navigator").Get("locks").Call("request", name, map[string]any{"steal": true}, grant))
	<-granted
	return lost
}

// settled returns what becomes of a promise.
func settled(promise js.Value) <-chan js.Value {
	values := make(chan js.Value, 1)
	var settle js.Func
	settle = js.FuncOf(func(_ js.Value, args []js.Value) any {
		settle.Release()
		values <- args[0]
		return nil
	})
	promise.Call("then", settle, settle)
	return values
}

// openBeside opens a tab that others are beside.
func openBeside(t *testing.T, srv *script.Server, opts source.Options) *tab {
	t.Helper()
	opts.URL = srv.URL
	if opts.Topics == nil {
		opts.Topics = []string{"notes"}
	}
	opts.Backoff = source.Backoff{Min: time.Millisecond, Max: 2 * time.Millisecond}
	tab := &tab{Source: source.New(opts), reported: make(chan string, 10_000)}
	source.On(tab.Source, noted, func(e event.Of[note]) { tab.reported <- fmt.Sprint(e.Value.N) })
	tab.OnState(func(s source.State) {
		if s.Phase != tab.seen {
			tab.reported <- s.Phase.String()
		}
		tab.seen = s.Phase
	})
	if err := tab.Start(); err != nil {
		t.Fatal(err)
	}
	return tab
}
