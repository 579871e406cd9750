//go:build !js

package page

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/app/sample/words"
	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/vitals"
	"github.com/seawaykit/seaway/shared/wire"
)

// The lines that the front page shows are lines of this module.
func TestExplanationsShowLinesOfTheCode(t *testing.T) {
	for i, e := range explanations {
		text, err := os.ReadFile(filepath.Join("..", "..", "..", filepath.FromSlash(e.file)))
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for line := range strings.Lines(string(text)) {
			code, _, _ := strings.Cut(line, "//")
			found = found || strings.Contains(code, e.line)
		}
		if !found {
			t.Errorf("%s has no line with %s", e.file, e.line)
		}
		if said := words.English.Front.Explanations[i]; len(strings.Fields(said)) > 25 {
			t.Errorf("this is no short sentence: %s", said)
		}
	}
}

func TestFrontPageHasTheNewestTicksForBrowsersWithoutScripts(t *testing.T) {
	html := get(t, host{chat.Histories.New()}, "/")
	body, carried, _ := strings.Cut(html, `<script type="application/json"`)
	flat := strings.Join(strings.Fields(body), " ")
	for _, want := range []string{"Current time is", `<time datetime="2001-09-09T01:46:40Z">`, "01:46:40 UTC", "#7", "event: clock.ticked"} {
		if !strings.Contains(flat, want) {
			t.Errorf("the page lacks %s: %s", want, body)
		}
	}
	if strings.Contains(carried, `"type":"vitals.sampled"`) || strings.Contains(carried, `"states":[{`) {
		t.Errorf("it carries %s", carried)
	}
}

func tickOf(n int, at time.Time) event.Of[vitals.Tick] {
	return event.Of[vitals.Tick]{ID: event.NewID("e1", uint64(n), "k"), Topic: vitals.ClockTopic, At: at, Value: vitals.Tick{Number: n, At: at}}
}

// What the page says of its ticks is counted by their numbers.
func TestTicksAreCountedByTheirNumbers(t *testing.T) {
	var first ticks
	noon := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	for n := 1; n <= 3; n++ { // the HTML's
		first.add(tickOf(n, noon), time.Time{})
	}
	first.counting = true
	for name, c := range map[string]struct {
		numbers []int
		want    tickCounts
	}{
		"in order":        {[]int{4, 5, 6}, tickCounts{Received: 3}},
		"a gap":           {[]int{4, 8}, tickCounts{Received: 2, Missed: 3}},
		"one twice":       {[]int{4, 4, 5}, tickCounts{Received: 3, Repeated: 1}},
		"of a new log":    {[]int{1, 2}, tickCounts{Received: 2}},
		"of an older one": {[]int{0, 0}, tickCounts{Received: 2}},
	} {
		all := first
		for _, n := range c.numbers {
			all.add(tickOf(n, noon), time.Time{})
		}
		if all.counts != c.want || all.newest[0].Number != c.numbers[len(c.numbers)-1] {
			t.Errorf("%s: %+v, want %+v", name, all.counts, c.want)
		}
	}
	cut := first
	cut.add(tickOf(4, noon), noon.Add(time.Second))
	cut.add(tickOf(5, noon.Add(time.Second)), noon.Add(time.Second))
	if cut.counts != (tickCounts{Received: 2, CaughtUp: 1}) {
		t.Errorf("after a cut: %+v", cut.counts)
	}
	cut.begins = true
	cut.add(tickOf(2, noon), noon)
	if len(cut.newest) != 1 || cut.counts.Repeated != 0 {
		t.Errorf("after a reset: %+v, %+v", cut.newest, cut.counts)
	}
	for n := 6; n < 50; n++ {
		cut.add(tickOf(n, noon), noon)
	}
	if len(cut.newest) != frontTicks || len(first.newest) != 3 {
		t.Errorf("it keeps %d ticks", len(cut.newest))
	}
}

// The frame of a page that has received none is the one that was on the wire.
func TestFrameIsAsOnTheWire(t *testing.T) {
	d, err := vitals.Ticked.Draft(vitals.ClockTopic, vitals.Tick{Message: "noon", At: time.Unix(1e9, 0).UTC(), Number: 7})
	if err != nil {
		t.Fatal(err)
	}
	e, err := event.New(event.NewID("e1", 9, "k"), d, time.UnixMilli(1e12+7))
	if err != nil {
		t.Fatal(err)
	}
	of, err := vitals.Ticked.DecodeForm(e.Type(), e.Meta(), e.Data())
	if err != nil {
		t.Fatal(err)
	}
	var all ticks
	all.add(of, time.Time{})
	want := "id: " + e.Meta().String() + "\nevent: clock.ticked\ndata: " + string(e.Data()) + "\n"
	if got := all.frame(); got != want {
		t.Errorf("the frame is %q, want %q", got, want)
	}
	if got := wireText(transport.Frame{Name: "a.b", Data: "one\ntwo", LastEventID: "x"}); got != "id: x\nevent: a.b\ndata: one\ndata: two\n" {
		t.Errorf("a frame with two lines is %q", got)
	}
}

// The console has each event of the EventSource with its readyState, and not more than
// it shows.
func TestConsoleShowsWhatTheEventSourceReports(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c console
		signal := func(s transport.Signal) { c.trace(source.Trace{Kind: source.Signalled, At: time.Now(), Signal: s}) }
		hello := `{"epoch":"e1","mode":"live","time":"` + time.Now().UTC().Format(time.RFC3339) + `"}`
		c.trace(source.Trace{Kind: source.Dialed, At: time.Now()})
		signal(transport.Opened())
		for _, s := range transport.Arrived(transport.Frame{Name: wire.HelloName, Data: hello}, transport.Frame{Name: "clock.ticked", Data: "{}", LastEventID: "i"}) {
			signal(s)
		}
		if !c.greetedAt().IsZero() {
			t.Error("what the first stream begins with counts as caught up")
		}
		signal(transport.Signal{Kind: transport.ConnectionFailed, ReadyState: transport.ReadyConnecting})
		signal(transport.Signal{Kind: transport.ConnectionFailed, ReadyState: transport.ReadyClosed})
		lines, frame := c.view()
		var got []string
		for _, l := range lines {
			got = append(got, l.Event+" "+readyText(l.ReadyState)+" "+(&front{Words: &words.English}).detail(l))
		}
		want := []string{
			"error 2 CLOSED the browser gives up", "error 0 CONNECTING connection lost",
			"message 1 OPEN clock.ticked", "message 1 OPEN hello", "open 1 OPEN ", " 0 CONNECTING new EventSource",
		}
		if strings.Join(got, "|") != strings.Join(want, "|") || frame != "id: i\nevent: clock.ticked\ndata: {}\n" {
			t.Errorf("it has %q and the frame %q", got, frame)
		}
		for range 2 * consoleLines {
			signal(transport.Arrived(transport.Frame{Name: wire.HelloName, Data: hello})[0])
		}
		if lines, _ := c.view(); len(lines) != consoleLines || !c.greetedAt().Equal(time.Now().Truncate(time.Second)) {
			t.Errorf("it keeps %d lines", len(lines))
		}
	})
}
