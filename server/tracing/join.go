package tracing

import (
	"slices"
	"sync"

	"go.opentelemetry.io/otel/trace"

	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/event"
)

// maxJoins is how many appends, and how many fan-outs, wait for the other half.
const maxJoins = 1024

// joins finds the append of a fan-out, by the event's id. Either can come first: an event is
// fanned out when the log shows it, which may be before the append has its answer. A fan-out
// whose append is not known waits for the appends that were under way when it came; if none
// of them has stored the event, another node has.
type joins struct {
	mu       sync.Mutex
	begun    uint64              // appends
	active   map[uint64]struct{} // those under way, by their number
	appended map[event.ID]trace.SpanContext
	order    []event.ID // of appended, and some that have left it; the oldest first
	waiting  []waiting  // the oldest first
}

// A waiting is a fan-out that waits for appends up to a number.
type waiting struct {
	sse.FanOut
	upTo uint64
}

// A joined is a fan-out with its append, or with none.
type joined struct {
	sse.FanOut
	append trace.SpanContext
}

func newJoins() joins {
	return joins{active: map[uint64]struct{}{}, appended: map[event.ID]trace.SpanContext{}}
}

// begin returns the number of an append that begins.
func (j *joins) begin() (n uint64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.begun++
	j.active[j.begun] = struct{}{}
	return j.begun
}

// end ends an append that has stored events, and returns the fan-outs that need wait no more.
func (j *joins) end(n uint64, ids []event.ID, of trace.SpanContext) (ready []joined) {
	j.mu.Lock()
	defer j.mu.Unlock()
	delete(j.active, n)
	for _, id := range ids {
		i := slices.IndexFunc(j.waiting, func(w waiting) bool { return w.Event.ID() == id })
		if i < 0 {
			j.remember(id, of)
			continue
		}
		ready = append(ready, joined{j.waiting[i].FanOut, of})
		j.waiting = slices.Delete(j.waiting, i, i+1)
	}
	return append(ready, j.foreign()...)
}

// foreign returns the fan-outs whose appends have all ended: another node has stored the event.
func (j *joins) foreign() (ready []joined) {
	oldest := j.begun + 1
	for active := range j.active {
		oldest = min(oldest, active)
	}
	n := 0
	for n < len(j.waiting) && j.waiting[n].upTo < oldest {
		ready = append(ready, joined{FanOut: j.waiting[n].FanOut})
		n++
	}
	j.waiting = slices.Delete(j.waiting, 0, n)
	return ready
}

// remember keeps an append for a fan-out to come.
func (j *joins) remember(id event.ID, of trace.SpanContext) {
	if len(j.order) == maxJoins {
		delete(j.appended, j.order[0])
		j.order = j.order[1:]
	}
	j.appended[id] = of
	j.order = append(j.order, id)
}

// fannedOut takes a fan-out, and returns those that need not wait.
func (j *joins) fannedOut(f sse.FanOut) (ready []joined) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if of, ok := j.appended[f.Event.ID()]; ok {
		delete(j.appended, f.Event.ID())
		if len(j.appended) == 0 { // mostly
			j.order = j.order[:0]
		}
		return []joined{{f, of}}
	}
	if len(j.active) == 0 {
		return []joined{{FanOut: f}}
	}
	if len(j.waiting) == maxJoins {
		ready = []joined{{FanOut: j.waiting[0].FanOut}}
		j.waiting = j.waiting[1:]
	}
	j.waiting = append(j.waiting, waiting{f, j.begun})
	return ready
}
