package e2e_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/seawaykit/seaway/shared/command"
)

// burst is how many messages are posted across a restart.
const burst = 200

// postBurst posts the burst, one after the other, and calls interrupt when
// half of it has been acknowledged. A post under way at that moment, and those
// after it, are tried again under the same key until they are answered.
func postBurst(s *server, interrupt func()) (texts []string) {
	s.t.Helper()
	for i := range burst {
		text := fmt.Sprint("message ", i)
		if i == burst/2 {
			go interrupt()
		}
		s.post("ann", text, command.WithIdempotencyKey(fmt.Sprint("burst-", i)))
		texts = append(texts, text)
	}
	return texts
}

// Two pages are open, their service workers active, when the server goes away in
// the middle of a burst and comes back. Both show every acknowledged message
// once, in order, without having been loaded again.
func restartInABurst(t *testing.T, transport string, interrupt func(s *server)) {
	s := startServer(t)
	pages := []*tab{openPage(t, s), openPage(t, s)}
	for _, b := range pages {
		b.navigate(s.url + lobby + "?transport=" + transport)
		b.until("the transport", fmt.Sprintf(`document.querySelector(".seaway-status").dataset.transport == %q`, transport))
		b.untilControlled()
		eval[string](b, `window.loadedOnce = "yes"`)
	}
	restarted := make(chan struct{})
	want := postBurst(s, func() {
		defer close(restarted)
		interrupt(s)
	})
	<-restarted
	for i, b := range pages {
		b.untilShows(want[len(want)-1])
		if got := b.texts(); !slices.Equal(got, want) {
			t.Errorf("page %d shows %s", i, difference(got, want))
		}
		b.untilLive()
		if eval[string](b, `window.loadedOnce || "no"`) != "yes" {
			t.Errorf("page %d was loaded again", i)
		}
		if bad := b.complaints(); len(bad) > 0 {
			t.Errorf("page %d's browser complains: %q", i, bad)
		}
	}
	var stored []string
	for _, e := range s.events("topic=room.lobby&last=1000", burst) {
		stored = append(stored, e.Data)
	}
	for i, data := range stored {
		if !strings.Contains(data, fmt.Sprintf(`"text":"message %d"`, i)) {
			t.Fatalf("event %d of the log is %s", i, data)
		}
	}
}

// difference says where two lists part.
func difference(got, want []string) string {
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			return fmt.Sprintf("%d messages of %d, and the first that is wrong is number %d: %q", len(got), len(want), i, got[i:min(len(got), i+3)])
		}
	}
	return "what it should"
}

func TestKilledServerLosesAndRepeatsNothing(t *testing.T) {
	t.Parallel()
	for _, transport := range []string{"eventsource", "longpoll", "websocket"} {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			restartInABurst(t, transport, func(s *server) {
				s.kill()
				s.start()
			})
		})
	}
}

func TestTerminatedServerLosesAndRepeatsNothing(t *testing.T) {
	t.Parallel()
	restartInABurst(t, "eventsource", func(s *server) {
		if status := s.terminate(); status != 0 {
			s.t.Errorf("SIGTERM: exit status %d, want 0", status)
		}
		s.start()
	})
}

// While the server is away the page shows that, as text and by EventSource's own
// state, and does not show that it is live.
func TestPageSaysWhenItWillReconnect(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	b := openPage(t, s)
	b.untilLive()
	if got := eval[string](b, `document.querySelector("#ready-state").textContent`); got != "readyState 1 OPEN" {
		t.Errorf("live, but %q", got)
	}
	s.kill()
	b.until("it counts down", `/^reconnecting in \d+ s$/.test(document.querySelector("#status").textContent)`)
	b.screenshot("reconnecting")
	s.start()
	b.untilLive()
	s.post("ann", "after the outage")
	b.untilShows("after the outage")
}

// A plain EventSource of the browser's own, on a page that a service worker
// controls: with go-app's worker as it is, Chromium closes it for good when the
// server is cut off, and forgets its position when the server ends the stream.
func TestServiceWorkerLeavesEventSourceAlone(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	b := openPage(t, s)
	b.untilControlled()
	eval[bool](b, `(() => {
		window.got = [];
		window.es = new EventSource("/events?topic=room.lobby");
		es.addEventListener("chat.posted", (e) => got.push(JSON.parse(e.data).text));
		return true;
	})()`)
	b.until("it is open", `es.readyState === 1`)
	s.post("ann", "before")
	b.until("it has the first message", `got.length === 1`)
	s.kill()
	b.until("it has noticed", `es.readyState !== 1`)
	if state := eval[int](b, `es.readyState`); state != 0 {
		t.Fatalf("readyState %d after the server was killed: the browser has given up", state)
	}
	s.start()
	s.post("ann", "while it was away")
	b.until("it is open again", `es.readyState === 1`)
	b.until("it has the message that it missed", `got.length === 2`)
	s.terminate() // a clean end, after which a worker used to lose the position
	s.start()
	s.post("ann", "while it was away again")
	b.until("it has that one too", `got.length >= 3`)
	want := []string{"before", "while it was away", "while it was away again"}
	if got := eval[[]string](b, `got`); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A page that the worker has cached is fetched again while there is a network:
// otherwise it would show the messages of the day it was cached.
func TestPageIsNotServedFromTheWorkersCache(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	b := openPage(t, s, recordTakeover)
	b.untilControlled()
	s.post("ann", "posted since")
	if err := chromedp.Do(b.ctx, chromedp.Reload()); err != nil {
		t.Fatal(err)
	}
	b.until("the wasm has drawn the page", `window.before`)
	if before := eval[string](b, `window.before`); !strings.Contains(before, "posted since") {
		t.Errorf("the page was drawn without what was posted since: %s", before)
	}
}
