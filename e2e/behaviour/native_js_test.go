package behaviour_test

import (
	"fmt"
	"syscall/js"
	"testing"
	"time"

	script "github.com/seawaykit/seaway/app/transport/transporttest"
)

// The browser's own EventSource.
func TestBrowsers(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, r row) {
		want := r.chromium
		if inFirefox() {
			want = r.firefox
		}
		played(t, r, want, playNative)
	})
}

// playNative returns how its readyState goes, from 0 on, and what it asks for
// when it comes back.
func playNative(s *stage) string {
	native, reports := openNative(s.t, s.class, s.url)
	defer native.Call("close")
	states := []string{"0"}
	timeUp := time.After(s.timeLimit())
	for {
		select {
		case state := <-reports:
			failedAgain := state == "0" && states[len(states)-1] == "0"
			switch {
			case state == eventNamed(first):
				s.proceed()
			case state == eventNamed(last) && s.row.gaps > 0:
				return s.pause()
			case state == eventNamed(last):
				return join(states[1:], s.asked(len(states) > 2, func(v script.Request) string { return v.LastEventID }))
			case state == "2":
				s.staysAway()
				return join(append(states[1:], state), "for good")
			case failedAgain:
				s.knock()
			case len(state) == 1:
				states = append(states, state)
			}
		case <-timeUp:
			return join(states[min(1, len(states)-1):], "no more")
		}
	}
}

func eventNamed(n int) string { return fmt.Sprintf(`{"N":%d}`, n) }

// openNative opens an EventSource and reports its readyState when it opens or
// fails, and the data of events.
func openNative(t *testing.T, class js.Value, url string) (native js.Value, reports chan string) {
	t.Helper()
	reports = make(chan string, 1000)
	native = class.New(url)
	changed := js.FuncOf(func(js.Value, []js.Value) any {
		reports <- fmt.Sprint(native.Get("readyState").Int())
		return nil
	})
	arrived := js.FuncOf(func(_ js.Value, args []js.Value) any {
		reports <- args[0].Get("data").String()
		return nil
	})
	for _, name := range []string{"open", "error"} {
		native.Call("addEventListener", name, changed)
	}
	native.Call("addEventListener", noted.Name(), arrived)
	t.Cleanup(func() { // the play has closed it: nothing is called any more
		changed.Release()
		arrived.Release()
	})
	return native, reports
}

// staysAway fails the test if a browser that has given up reconnects. It waits
// longer than the pause that the stream asked for.
func (s *stage) staysAway() {
	before := len(s.srv.Requests())
	<-time.After(watch / 2)
	if after := len(s.srv.Requests()); after != before {
		s.t.Errorf("%d requests when the browser had given up, then %d", before, after)
	}
}
