package tracing

import (
	"fmt"
	"testing"
	"time"

	"go.opentelemetry.io/otel/trace"

	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/event"
)

// fanOutOf returns the fan-out of a number.
func fanOutOf(t *testing.T, seq uint64) sse.FanOut {
	t.Helper()
	e, err := event.New(idOf(seq), event.Draft{Topic: "a", Type: "a", Key: "k"}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return sse.FanOut{Event: e}
}

func idOf(seq uint64) event.ID { return event.NewID("e", seq, "k") }

func spanOf(n byte) trace.SpanContext {
	return trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{n}})
}

// text returns the numbers of fan-outs with the spans that they have found.
func text(ready []joined) (all string) {
	for _, r := range ready {
		all += fmt.Sprintf("%d:%d ", r.Event.ID().Seq(), r.append.SpanID()[0])
	}
	return all
}

func check(t *testing.T, what string, ready []joined, want string) {
	t.Helper()
	if got := text(ready); got != want {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

func TestJoinWaitsForTheAppendsUnderWay(t *testing.T) {
	j := newJoins()
	check(t, "nothing is being appended", j.fannedOut(fanOutOf(t, 1)), "1:0 ")

	first, second := j.begin(), j.begin()
	check(t, "the event is there before the answer", j.fannedOut(fanOutOf(t, 2)), "")
	check(t, "that of another node as well", j.fannedOut(fanOutOf(t, 3)), "")
	third := j.begin()
	check(t, "the answer", j.end(second, []event.ID{idOf(2)}, spanOf(2)), "2:2 ")
	check(t, "the last that was under way", j.end(first, nil, spanOf(1)), "3:0 ")

	check(t, "the answer is there before the event", j.end(third, []event.ID{idOf(4), idOf(5)}, spanOf(3)), "")
	check(t, "the first event", j.fannedOut(fanOutOf(t, 4)), "4:3 ")
	check(t, "the second", j.fannedOut(fanOutOf(t, 5)), "5:3 ")
	check(t, "the second again, on another server", j.fannedOut(fanOutOf(t, 5)), "5:0 ")
	if len(j.active)+len(j.appended)+len(j.waiting) != 0 {
		t.Errorf("left are %v, %v, %v", j.active, j.appended, j.waiting)
	}
}

func TestJoinsAreBounded(t *testing.T) {
	j := newJoins()
	slow := j.begin()
	for seq := range uint64(3 * maxJoins) {
		if ready := j.fannedOut(fanOutOf(t, seq+1)); len(ready) > 1 || len(ready) == 0 && seq >= maxJoins {
			t.Fatalf("%d: %s", seq, text(ready))
		}
	}
	if len(j.waiting) != maxJoins {
		t.Errorf("%d wait", len(j.waiting))
	}
	if ready := j.end(slow, nil, spanOf(1)); len(ready) != maxJoins || len(j.waiting) != 0 {
		t.Errorf("%d are ready", len(ready))
	}
	for seq := range uint64(3 * maxJoins) {
		j.end(j.begin(), []event.ID{idOf(seq + 1)}, spanOf(1))
	}
	if len(j.appended) != maxJoins || len(j.order) != maxJoins {
		t.Errorf("%d appends are remembered", len(j.appended))
	}
}
