package source_test

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"
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

type speech struct{ Text string }

var spoken = event.Define[speech]("test.spoken")

// A tab is a source in a browser that tells of each call it makes.
type tab struct {
	*source.Source
	reported chan string
	seen     source.Phase // the last one told
}

// open starts a source that follows the script without much waiting.
func open(t *testing.T, srv *script.Server, opts source.Options) *tab {
	t.Helper()
	opts.URL, opts.Topics = cmp.Or(opts.URL, srv.URL), []string{"notes"}
	opts.Backoff = source.Backoff{Min: time.Millisecond, Max: 2 * time.Millisecond}
	tab := &tab{Source: source.New(opts), reported: make(chan string, 10_000)}
	source.On(tab.Source, noted, func(e event.Of[note]) { tab.reported <- fmt.Sprint(e.Value.N) })
	source.On(tab.Source, spoken, func(e event.Of[speech]) { tab.reported <- e.Value.Text })
	tab.OnReset(func(r wire.ResetInfo) { tab.reported <- fmt.Sprint("reset ", r.Reason) })
	tab.OnError(func(err error) { tab.reported <- err.Error() })
	tab.OnState(func(s source.State) {
		if s.Phase != tab.seen {
			tab.reported <- strings.TrimSuffix(fmt.Sprint(s.Phase, ": ", s.Reason.Text), ": ")
		}
		tab.seen = s.Phase
	})
	if err := tab.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tab.end(t) })
	return tab
}

// end closes the source and sees that nothing of it is left in the browser.
func (tab *tab) end(t *testing.T) {
	tab.Close()
	<-tab.Done()
	if n := browser.Callbacks(); n != 0 {
		t.Errorf("%d callbacks are not released", n)
	}
}

// expect waits for calls.
func (tab *tab) expect(t *testing.T, want ...string) {
	t.Helper()
	tooLong := time.After(2 * time.Minute)
	for _, want := range want {
		select {
		case got := <-tab.reported:
			if got != want {
				t.Fatalf("the page was told %q, want %q", got, want)
			}
		case <-tooLong:
			t.Fatalf("the page was not told %q; its state is %+v", want, tab.State())
		}
	}
}

// text returns frames as they are written on the wire.
func text(frames ...transport.Frame) string {
	var b strings.Builder
	for _, f := range frames {
		if f.LastEventID != "" {
			fmt.Fprintf(&b, "id: %s\n", f.LastEventID)
		}
		fmt.Fprintf(&b, "event: %s\ndata: %s\n\n", f.Name, f.Data)
	}
	return b.String()
}

// fresh is an answer that goes on from event 0, resumed one from event n.
func fresh(then script.End, parts ...string) script.Answer {
	hello := text(sourcetest.Hello(wire.Live, at(0)))
	return script.Answer{Parts: append([]string{hello}, parts...), Then: then}
}

func resumed(n uint64, parts ...string) script.Answer {
	hello := text(sourcetest.Hello(wire.Resumed, at(n)))
	return script.Answer{Parts: append([]string{hello}, parts...)}
}

// after returns the position that a request asked for.
func after(t *testing.T, v script.Request) string {
	t.Helper()
	q, err := url.ParseQuery(v.Query)
	if err != nil {
		t.Fatal(err)
	}
	return q.Get(wire.AfterParam)
}
