package behaviour_test

import (
	_ "embed"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall/js"
	"testing"
	"time"

	script "github.com/seawaykit/seaway/app/transport/transporttest"
)

// bypass is what the kit puts before go-app's service worker. The program's own
// tests see that it does.
//
//go:embed bypass.js
var bypass string

func TestMain(m *testing.M) {
	flag.Parse()
	// Each scenario mostly waits. With more at a time, some would wait for one
	// of the six connections that a browser opens to a host.
	flag.Set("test.parallel", "5")
	choose()
	os.Exit(m.Run())
}

// waitLimit ends what is waited for in vain; watch is how long a page is
// watched to which nothing is going to happen.
const (
	waitLimit = 2 * time.Minute
	watch     = 2 * time.Second
)

// A stage is where a row is played: a server that follows it, and a page with
// the row's service worker.
type stage struct {
	t     *testing.T
	row   row
	srv   *script.Server
	class js.Value // the page's EventSource
	fetch js.Value // the page's, if it has one of its own
	url   string
}

func newStage(t *testing.T, r row) *stage {
	t.Helper()
	list := r.answers
	if !r.silent {
		list = calm(list)
	}
	s := &stage{t: t, row: r, srv: script.Serve(t, list...), class: own}
	origin := ""
	if r.door != closed {
		origin = s.srv.Door()
	}
	s.url = origin + s.srv.URL
	switch {
	case r.worker != none:
		frame := s.srv.Controlled(origin, map[worker]string{stock: "", ours: bypass}[r.worker])
		s.class = frame.EventSource
		if origin == "" {
			s.fetch = frame.Window.Get("fetch")
		}
	case r.door == same:
		s.class = s.srv.Frame(origin).EventSource
	}
	return s
}

// proceed lets the answer end. It is called when event 1 has arrived.
func (s *stage) proceed() {
	if s.row.answers[0].Await {
		s.srv.Proceed()
	}
}

// knock opens the door again. It is called when a try has found it shut.
func (s *stage) knock() {
	if s.row.door != closed {
		s.srv.Door()
	}
}

// timeLimit returns how long to wait for the row's end. Only a browser's own
// EventSource is watched for nothing to happen.
func (s *stage) timeLimit() time.Duration {
	switch {
	case s.row.silent && s.row.worker != none:
		return 3 * watch // longer than Firefox, as it is set for tests, lets a worker idle
	case s.row.silent:
		return watch
	}
	return waitLimit
}

// asked describes the last request: its address, if the first was sent to another,
// and after which event it asks to resume, if any.
func (s *stage) asked(hadEvents bool, after func(script.Request) string) string {
	requests := s.srv.Requests()
	for len(requests) > 1 && after(requests[len(requests)-1]) == at(last).String() {
		requests = requests[:len(requests)-1] // polls that were made when event 9 was there
	}
	final := requests[len(requests)-1]
	var said []string
	if slices.ContainsFunc(requests, moved) {
		said = append(said, map[bool]string{true: "at the new address", false: "at the old address"}[moved(final)])
	}
	if hadEvents && len(requests) > 1 {
		said = append(said, since(after(final)))
	}
	return strings.Join(said, " ")
}

func moved(v script.Request) bool { return v.Query == "moved" }

// since says which event an id names.
func since(id string) string {
	for n := range uint64(last) {
		if id == at(n).String() {
			return fmt.Sprint("after ", n)
		}
	}
	if id == "" {
		return "without a position"
	}
	return "after " + id
}

// pause describes the shortest of the pauses before the last requests. A busy
// machine can only stretch them.
func (s *stage) pause() string {
	requests := s.srv.Requests()
	shortest := slices.MinFunc(requests[len(requests)-s.row.gaps:], func(v, w script.Request) int { return v.Gap - w.Gap }).Gap
	said := "at once"
	for _, step := range []int{500, 1500, 3000, 5000} {
		if shortest >= step-50 { // a browser's timers may be early by a few
			said = fmt.Sprintf("after %g s", float64(step)/1000)
		}
	}
	return said
}

// join writes a course of states, and more words about it.
func join(states []string, more ...string) string {
	course := strings.Join(states, " → ")
	more = slices.DeleteFunc(more, func(s string) bool { return s == "" })
	return strings.Join(append([]string{course}, more...), ", ")
}

func inFirefox() bool {
	return strings.Contains(js.Global().Get("navigator").Get("userAgent").String(), "Firefox/")
}

// played plays a row until what is observed is what was expected, at most three
// times if it is about time, which a busy machine can stretch but not shorten.
func played(t *testing.T, r row, want string, play func(*stage) string) {
	t.Helper()
	tries := 1
	if r.gaps > 0 || r.silent {
		tries = 3
	}
	got := ""
	for range tries {
		if got = play(newStage(t, r)); got == want {
			return
		}
	}
	t.Errorf("got  %s\nwant %s", got, want)
}

// each runs a test of every row, several at a time.
func each(t *testing.T, test func(t *testing.T, r row)) {
	for _, s := range table {
		for _, r := range s.rows {
			t.Run(s.title+", "+r.name, func(t *testing.T) {
				t.Parallel()
				test(t, r)
			})
		}
	}
}

// calm returns answers with a heartbeat interval that no busy machine exceeds,
// for rows in which something comes in the end.
func calm(list []script.Answer) []script.Answer {
	quiet := slices.Clone(list)
	for i, a := range list {
		quiet[i].Parts = slices.Clone(a.Parts)
		if len(a.Parts) > 0 {
			quiet[i].Parts[0] = strings.Replace(a.Parts[0], `"heartbeat_ms":300,`, `"heartbeat_ms":300000,`, 1)
		}
	}
	return quiet
}
