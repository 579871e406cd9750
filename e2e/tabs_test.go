package e2e_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/debugger"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/seawaykit/seaway/shared/command"
)

// openTabs opens tabs of one profile on a server's page.
func openTabs(t *testing.T, s *server, n int) (tabs []*tab) {
	t.Helper()
	tabs = []*tab{openPage(t, s)}
	for len(tabs) < n {
		b := tabs[0].openAnother()
		b.navigate(s.url + lobby)
		tabs = append(tabs, b)
	}
	for _, b := range tabs {
		b.untilLive()
	}
	return tabs
}

// leads reports whether a tab has the lock of its group. A tab does not know the
// browser's name for it, so it takes a lock of its own and asks for the holder.
const leads = `(async () => {
  const probe = "probe " + Math.random();
  return navigator.locks.request(probe, async () => {
    const {held} = await navigator.locks.query();
    const {clientId} = held.find(lock => lock.name === probe);
    return held.some(lock => lock.name.startsWith("seaway ") && lock.clientId === clientId);
  });
})()`

// leader returns the place of the tab that leads.
func leader(t *testing.T, tabs []*tab) int {
	t.Helper()
	i := slices.IndexFunc(tabs, func(b *tab) bool { return eval[bool](b, leads) })
	if i < 0 {
		t.Fatal("no tab leads")
	}
	return i
}

// streams returns how many the server has open.
func streams(admin string) (n int) {
	_, body := adminGet(admin, "/metrics")
	for line := range strings.Lines(body) {
		var open int
		if _, value, ok := strings.Cut(line, "} "); ok && strings.HasPrefix(line, "seaway_streams{") {
			fmt.Sscan(value, &open)
			n += open
		}
	}
	return n
}

// mostStreams counts the streams until done is closed, and reports the most.
func mostStreams(admin string, done <-chan struct{}) <-chan int {
	most := make(chan int, 1)
	go func() {
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		n := 0
		for {
			select {
			case <-done:
				most <- n
				return
			case <-tick.C:
				n = max(n, streams(admin))
			}
		}
	}()
	return most
}

// Over HTTP/1.1 a browser opens six connections to a host. Twelve tabs share one
// stream, also when the tab that has it is closed in the middle of a burst.
func TestTwelveTabsShareAStreamOverHTTP1(t *testing.T) {
	t.Parallel()
	admin := freeAddr(t)
	s := startServer(t, "-admin", admin)
	tabs := openTabs(t, s, 12)
	done := make(chan struct{})
	most := mostStreams(admin, done)
	closed := leader(t, tabs)
	ended := make(chan error, 1)
	want := postBurst(s, func() {
		_, err := chromedp.Call(tabs[closed].ctx, page.Close, cdp.Empty{})
		ended <- err
	})
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	tabs = slices.Delete(tabs, closed, closed+1)
	for i, b := range tabs {
		b.untilShows(want[len(want)-1])
		if got := b.texts(); !slices.Equal(got, want) {
			t.Errorf("tab %d shows %s", i, difference(got, want))
		}
		b.untilLive()
	}
	close(done)
	if n := <-most; n > 2 {
		t.Errorf("%d streams were open at a time, want 2 at most", n)
	}
	until(t, "one stream is left", func() bool { return streams(admin) == 1 })
}

// A tab whose script hangs holds the lock and sends nothing. Another tab takes the
// lock, and the first one joins again when it goes on.
func TestTabThatHangsIsReplaced(t *testing.T) {
	t.Parallel()
	admin := freeAddr(t)
	s := startServer(t, "-admin", admin, "-heartbeat", "2s")
	tabs := openTabs(t, s, 3)
	i := leader(t, tabs)
	hung := tabs[i]
	others := slices.Delete(slices.Clone(tabs), i, i+1)
	resume := hang(t, hung)
	s.post("ann", "does anybody hear me?", command.WithIdempotencyKey("hung"))
	for _, b := range others {
		b.untilShows("does anybody hear me?")
		b.untilLive()
	}
	leader(t, others)
	resume()
	hung.untilShows("does anybody hear me?")
	until(t, "one stream is left", func() bool { return streams(admin) == 1 })
	s.post("ann", "to all three")
	for i, b := range tabs {
		b.untilShows("to all three")
		if got := b.texts(); len(got) != 2 {
			t.Errorf("tab %d shows %q", i, got)
		}
	}
}

// hang stops a tab's script, until resume.
func hang(t *testing.T, b *tab) (resume func()) {
	t.Helper()
	call := func(do func(context.Context) error) {
		t.Helper()
		if err := do(b.ctx); err != nil {
			t.Fatal(err)
		}
	}
	paused := make(chan struct{}, 1)
	if err := chromedp.Listen(b.ctx, func(ev any) {
		if _, ok := ev.(*debugger.EventPaused); ok {
			paused <- struct{}{}
		}
	}); err != nil {
		t.Fatal(err)
	}
	call(func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, debugger.Enable, debugger.EnableParams{})
		return err
	})
	call(func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, debugger.Pause, cdp.Empty{})
		return err
	})
	<-paused
	return func() {
		call(func(ctx context.Context) error {
			_, err := chromedp.Call(ctx, debugger.Disable, cdp.Empty{})
			return err
		})
	}
}
