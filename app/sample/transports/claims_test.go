package transports

import (
	"strings"
	"testing"
	"time"

	"github.com/seawaykit/seaway/app/sample/words"
	"github.com/seawaykit/seaway/app/source"
	contract "github.com/seawaykit/seaway/shared/sample/transports"
)

// measured are figures as a page has them after a while.
func measured() *Figures {
	result := func(n int, median time.Duration, c contract.Usage, held int) *Result {
		c.BytesKnown = true
		return &Result{Phase: source.Live, Messages: n, Delayed: true, Median: median * time.Millisecond, Worst: time.Second, Usage: c, Samples: 40, SamplesHeld: held}
	}
	return &Figures{
		Elapsed: 40 * time.Second,
		Results: map[contract.Kind]*Result{
			contract.Poll:        result(160, 1010, contract.Usage{Requests: 20, In: 17_000, Out: 32_000}, 1),
			contract.LongPoll:    result(160, 9, contract.Usage{Requests: 161, In: 138_000, Out: 150_000, Held: 1}, 39),
			contract.WebSocket:   result(160, 5, contract.Usage{Requests: 1, Upgrades: 1, In: 900, Out: 24_320}, 40),
			contract.EventSource: result(160, 6, contract.Usage{Requests: 1, In: 850, Out: 24_000}, 40),
		},
		Drop: Drop{
			Stage: Finished, Cut: 5,
			EventSource: StateHistory{States: []int{1, 0, 1}, Recovery: 2100 * time.Millisecond, Observed: 8 * time.Second},
			WebSocket:   StateHistory{States: []int{1, 3}, Observed: 8 * time.Second},
		},
		RoundTrip: RoundTrip{Stage: Finished, Rounds: 10, Socket: 2 * time.Millisecond, Post: 4 * time.Millisecond, Received: 5},
	}
}

func find(id string, f *Figures) Finding {
	for _, c := range Claims {
		if c.ID == id {
			return c.Find(f, &words.English.Compare.Found)
		}
	}
	panic(id)
}

func TestClaimIsNotJudgedBeforeItIsMeasured(t *testing.T) {
	for _, c := range Claims {
		if got := c.Find(&Figures{}, &words.English.Compare.Found); got != (Finding{}) {
			t.Errorf("%s: %+v", c.ID, got)
		}
	}
	f := measured() // the transports are measured, but no button was pressed
	f.Drop, f.RoundTrip = Drop{Stage: Running}, RoundTrip{Stage: Running, Failure: ErrPageLeft}
	for _, id := range []string{"stays", "returns", "duplex", "talk"} {
		expect(t, id, find(id, f).Verdict, Unmeasured)
	}
	few := measured()
	for _, r := range few.Results {
		r.Messages = minMessages - 1
	}
	for _, id := range []string{"asks", "pays", "late", "resort", "protocol", "heavy", "oneway", "light", "types", "needless"} {
		expect(t, id+" of a few messages", find(id, few).Verdict, Unmeasured)
	}
}

// Where bytes cannot be counted, no claim about them is judged.
func TestBytesThatAreNotCountedAreNotJudged(t *testing.T) {
	f := measured()
	for _, r := range f.Results {
		r.Usage.BytesKnown, r.Usage.In, r.Usage.Out = false, 0, 0
	}
	for _, id := range []string{"pays", "resort", "heavy", "oneway", "light"} {
		expect(t, id, find(id, f).Verdict, NotShown)
	}
	expect(t, "asks", find("asks", f).Verdict, Holds)
}

func TestClaimsAreJudgedByTheFigures(t *testing.T) {
	for id, want := range map[string]struct {
		verdict Verdict
		words   []string
	}{
		"asks":     {Holds, []string{"asked 20 times", "SSE has asked once"}},
		"pays":     {Holds, []string{"850 B", "20 answers", "17.0 kB", "SSE sent 850 B"}},
		"holds":    {HalfTrue, []string{"40 times", "in 1,", "in 39", "SSE in 40"}},
		"late":     {HalfTrue, []string{"1,010 ms", "SSE 6 ms", "no interval: 9 ms"}},
		"resort":   {HalfTrue, []string{"9 ms", "SSE 6 ms", "937 B", "150 B"}},
		"duplex":   {Holds, []string{"10 questions", "5 messages"}},
		"protocol": {Holds, []string{"1 of its 1 request ", "0 of 1"}},
		"heavy":    {HalfTrue, []string{"152 B", "150 B", "900 B", "850 B"}},
		"stays":    {Holds, []string{"1 → 3", "8.0 s"}},
		"talk":     {HalfTrue, []string{"2 ms", "4 ms", "10"}},
		"oneway":   {Holds, []string{"1 request up", "850 B", "24.0 kB"}},
		"light":    {Holds, []string{"SSE 155 B", "WebSocket 157 B", "polling 306 B", "long polling 1,800 B"}},
		"returns":  {Holds, []string{"1 → 0 → 1", "2.1 s"}},
		"types":    {Holds, []string{"160 messages", "compare.pulsed"}},
		"needless": {Holds, []string{"160 messages", "6 ms", "5 ms"}},
		"told":     {NotShown, []string{"has EventSource"}},
	} {
		got := find(id, measured())
		expect(t, id, got.Verdict, want.verdict)
		plain := strings.ReplaceAll(got.Text, space, " ")
		for _, w := range want.words {
			if !strings.Contains(plain, w) {
				t.Errorf("%s: %q does not say %q", id, plain, w)
			}
		}
	}
}

// Other figures give other verdicts. Only the verdict on event types is fixed:
// without them there would be no message.
func TestVerdictFollowsFigures(t *testing.T) {
	for _, c := range []struct {
		id      string
		change  func(*Figures)
		verdict Verdict
	}{
		{"asks", changing(contract.EventSource, func(r *Result) { r.Usage.Requests = 30 }), Fails},
		{"pays", changing(contract.EventSource, func(r *Result) { r.Usage.In = 18_000 }), Fails},
		{"holds", changing(contract.Poll, func(r *Result) { r.SamplesHeld = 30 }), Holds},
		{"late", changing(contract.Poll, func(r *Result) { r.Median = 10 * time.Millisecond }), Fails},
		{"late", changing(contract.LongPoll, func(r *Result) { r.Median = 900 * time.Millisecond }), Holds},
		{"resort", changing(contract.LongPoll, func(r *Result) { r.Median = 500 * time.Millisecond }), Holds},
		{"protocol", changing(contract.EventSource, func(r *Result) { r.Usage.Upgrades = 1 }), Fails},
		{"heavy", changing(contract.WebSocket, func(r *Result) { r.Usage.Out = 30_000 }), Holds},
		{"heavy", changing(contract.WebSocket, func(r *Result) { r.Usage.Out = 20_000 }), Fails},
		{"stays", func(f *Figures) { f.Drop.WebSocket = f.Drop.EventSource }, Fails},
		{"stays", func(f *Figures) { f.Drop.WebSocket.Absent = true }, Unmeasured},
		{"returns", func(f *Figures) { f.Drop.EventSource = f.Drop.WebSocket }, Fails},
		{"returns", func(f *Figures) { f.Drop.EventSource.States = []int{1} }, Unmeasured}, // it was not cut
		{"talk", func(f *Figures) { f.RoundTrip.Post = 200 * time.Millisecond }, Holds},
		{"talk", func(f *Figures) { f.RoundTrip.Socket, f.RoundTrip.Post = 190*time.Millisecond, 200*time.Millisecond }, HalfTrue},
		{"oneway", changing(contract.EventSource, func(r *Result) { r.Usage.In = 25_000 }), Fails},
		{"light", changing(contract.EventSource, func(r *Result) { r.Usage.Out = 30_000 }), Fails},
		{"needless", changing(contract.EventSource, func(r *Result) { r.Missed = 1 }), Fails},
		{"needless", changing(contract.EventSource, func(r *Result) { r.Median = time.Second }), Fails},
		{"told", func(f *Figures) { f.NoEventSource = true }, Holds},
	} {
		f := measured()
		c.change(f)
		expect(t, c.id+": "+find(c.id, f).Text, find(c.id, f).Verdict, c.verdict)
	}
}

func changing(kind contract.Kind, change func(*Result)) func(*Figures) {
	return func(f *Figures) { change(f.Results[kind]) }
}

func TestClaimReportsTheKitsRecovery(t *testing.T) {
	f := measured()
	changing(contract.WebSocket, func(r *Result) { r.Recovery = 1200 * time.Millisecond })(f)
	if got := strings.ReplaceAll(find("stays", f).Text, space, " "); !strings.Contains(got, "own back in 1.2 s") {
		t.Error(got)
	}
}

func TestNumbersAreWrittenForPeople(t *testing.T) {
	for got, want := range map[string]string{
		Millis(0): "< 1 ms", Millis(999 * time.Microsecond): "< 1 ms", Millis(1600 * time.Microsecond): "2 ms",
		Millis(1012 * time.Millisecond): "1,012 ms", Millis(12345 * time.Millisecond): "12.3 s",
		Size(0): "0 B", Size(9_999): "9,999 B", Size(10_000): "10.0 kB", Size(1_250_000): "1.2 MB",
		Seconds(2149 * time.Millisecond): "2.1 s", times(1, &words.English.Compare.Found): "once", times(2, &words.English.Compare.Found): "twice", times(3, &words.English.Compare.Found): "3 times",
	} {
		expect(t, "written", strings.ReplaceAll(got, space, " "), want)
	}
}
