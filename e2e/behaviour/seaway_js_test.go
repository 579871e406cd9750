package behaviour_test

import (
	"cmp"
	"strings"
	"syscall/js"
	"testing"
	"time"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/transport"
	script "github.com/seawaykit/seaway/app/transport/transporttest"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// A page of the kit, which is to be the same in every browser.
func TestSeaway(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, r row) {
		want := r.seaway
		if inFirefox() {
			want = cmp.Or(r.seawayInFirefox, want)
		}
		played(t, r, want, playSeaway(transport.EventSource{}))
	})
}

// The same over long polls.
func TestSeawayInPolls(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, r row) {
		if !without(r.poll) {
			played(t, inPolls(r), r.poll, playSeaway(transport.LongPoll{}))
		}
	})
}

// The same over WebSockets.
func TestSeawayInSockets(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, r row) {
		if !without(r.socket) {
			played(t, inSockets(r), r.socket, playSeaway(&transport.WebSocket{}))
		}
	})
}

// playSeaway returns the phases of a source but for Connecting, and what it asks
// for when it comes back.
func playSeaway(over transport.Transport) func(*stage) string {
	return func(s *stage) string {
		src, states := s.openSource(over)
		defer func() {
			src.Close()
			<-src.Done()
		}()
		return s.watch(states)
	}
}

func (s *stage) watch(states chan string) string {
	var phases []string
	hadEvents := false
	timeUp := time.After(waitLimit) // a source always does something in the end
	for {
		select {
		case phase := <-states:
			switch {
			case phase == "first":
				hadEvents = true
				s.proceed()
			case phase == "last" && s.row.gaps > 0:
				return strings.Replace(s.pause(), "at once", "by its own back-off", 1)
			case phase == "last":
				return join(phases, s.asked(hadEvents, position))
			case phase == "closed" || phase == "refused":
				return join(append(phases, phase), "for good")
			case phase == "stale":
				return join(append(phases, phase), "and it tries again")
			case repeats(phases, phase) && s.row.silent:
				return join(phases, "again and again")
			case repeats(phases, phase):
				s.knock()
			default:
				phases = append(phases, phase)
			}
		case <-timeUp:
			return join(phases, "no more")
		}
	}
}

// repeats reports whether a phase comes again, or the course of several is run
// through once more.
func repeats(phases []string, phase string) bool {
	n := len(phases)
	return n > 0 && phases[n-1] == phase || n > 2 && phases[n-2] == phase
}

func position(v script.Request) string { return v.Param(wire.AfterParam) }

func (s *stage) openSource(over transport.Transport) (src *source.Source, states chan string) {
	states = make(chan string, 10_000)
	classes[s.url], fetches[s.url] = s.class, s.fetch
	switch t := over.(type) { // all are served at one address
	case transport.LongPoll:
		t.URL = s.url
		over = t
	case *transport.WebSocket:
		over = &transport.WebSocket{URL: s.url}
	}
	opts := source.Options{
		URL: s.url, Topics: []string{"notes"}, Transport: over,
		Backoff: source.Backoff{Min: 10 * time.Millisecond, Max: 20 * time.Millisecond},
	}
	if s.row.silent {
		opts.HelloWithin = watch
	}
	src = source.New(opts)
	source.On(src, noted, func(e event.Of[note]) {
		switch e.Value.N {
		case first:
			states <- "first"
		case last:
			states <- "last"
		}
	})
	src.OnState(func(st source.State) {
		if st.Phase != source.Connecting {
			states <- st.Phase.String()
		}
	})
	src.OnError(func(error) {})
	if err := src.Start(); err != nil {
		s.t.Fatal(err)
	}
	return src, states
}

// own is the class that the test's own page has.
var own = js.Global().Get("EventSource")

// classes says which page's EventSource a source uses, by its address: so a
// source of this program comes to live on a page with a service worker.
var classes = map[string]js.Value{}

// fetches says the same of fetch; undefined is the test's own page's.
var fetches = map[string]js.Value{}

// choose puts a class in EventSource's place that makes one of the right page's,
// and a function in fetch's that calls it.
func choose() {
	class := js.FuncOf(func(_ js.Value, args []js.Value) any {
		address, _, _ := strings.Cut(args[0].String(), "?")
		return classes[address]
	})
	chooser := js.Global().Call("eval", `(which) => function(url) { return new (which(url))(url); }`)
	js.Global().Set("EventSource", chooser.Invoke(class))
	fetch := js.FuncOf(func(_ js.Value, args []js.Value) any {
		address, _, _ := strings.Cut(args[0].String(), "?")
		return fetches[address]
	})
	caller := js.Global().Call("eval",
		`(which, own) => (url, init) => (String(url).includes("/stream") && which(url) || own)(url, init)`)
	js.Global().Set("fetch", caller.Invoke(fetch, js.Global().Get("fetch").Call("bind", js.Global())))
}
