package fanout_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/shared/event"
)

// An agedLog is a log with generations, as one in a directory has after it was
// started several times.
type agedLog struct {
	*eventlog.Memory
	gens atomic.Pointer[eventlog.Generations]
}

func (l *agedLog) begin(g eventlog.Generations) *agedLog {
	l.gens.Store(&g)
	return l
}

func (l *agedLog) id(id event.ID) event.ID { return id.In(l.gens.Load().Of(id.Seq())) }

func (l *agedLog) event(e event.Event) event.Event {
	d := event.Draft{Topic: e.Topic(), Type: e.Type(), Data: e.Data(), Latest: e.Latest()}
	aged, err := event.New(l.id(e.ID()), d, e.Time())
	if err != nil {
		panic(err)
	}
	return aged
}

func (l *agedLog) Append(ctx context.Context, d event.Draft) (event.ID, error) {
	id, err := l.Memory.Append(ctx, d)
	return l.id(id), err
}

func (l *agedLog) Read(ctx context.Context, from uint64, limit int, topics ...string) (eventlog.Page, error) {
	page, err := l.Memory.Read(ctx, from, limit, topics...)
	for i, e := range page.Events {
		page.Events[i] = l.event(e)
	}
	return page, err
}

func (l *agedLog) Tail(ctx context.Context, from uint64, fn func([]event.Event, error)) error {
	return l.Memory.Tail(ctx, from, func(batch []event.Event, err error) {
		for i, e := range batch {
			batch[i] = l.event(e)
		}
		fn(batch, err)
	})
}

func (l *agedLog) State(ctx context.Context) (eventlog.State, error) {
	state, err := l.Memory.State(ctx)
	state.Generations = *l.gens.Load()
	return state, err
}

var first, second, third, lost = event.Generation{1}, event.Generation{2}, event.Generation{3}, event.Generation{9}

// The log was restored to an older copy that ended at 10, and numbers from 11
// on were given again. Each case is decided in the ring and, with a small one,
// by the log.
func TestPositionsOfALostPastAreReset(t *testing.T) {
	for _, ringSize := range []int{1000, 3} {
		log := &agedLog{Memory: eventlog.NewMemory(eventlog.Retention{})}
		log.begin(eventlog.Generations{{Name: first, First: 1}, {Name: second, First: 11}, {Name: third, First: 26}})
		r := newRig(t, log, fanout.Options{MaxEvents: ringSize, Window: 2})
		r.publishMany("a", 1, 5)
		for i := range 15 {
			r.publish("clock", fmt.Sprint(i), event.Latest()) // 6 to 20
		}
		r.publishMany("a", 21, 30)
		epoch := r.ids[0].Epoch()
		at := func(seq uint64, g event.Generation) event.ID { return event.Position(epoch, seq).In(g) }
		tick := func(seq uint64, g event.Generation) event.ID { return event.NewID(epoch, seq, "tick").In(g) }
		const reset = "reset past: a=29 a=30"
		resumed := "resumed : clock=14 " + count("a", 21, 30)
		for _, tc := range []struct {
			name  string
			after event.ID
			want  string
		}{
			{"an event that is there", r.ids[4], resumed},
			{"a replaced event of this past", r.ids[7], resumed},
			{"a position of this past", at(10, first), resumed},
			{"a position before its generation's first number", at(8, second), resumed},
			{"an event of the newest generation", r.ids[27], "resumed : " + count("a", 29, 30)},
			{"a position where nothing has been seen", at(0, lost), "resumed : " + count("a", 1, 5) + " clock=14 " + count("a", 21, 30)},
			{"a replaced event whose number was given again", tick(15, first), reset},
			{"a position whose number was given again", at(15, first), reset},
			{"the last number of the copy, and the next", at(11, first), reset},
			{"an event of a generation that is gone", tick(25, lost), reset},
			{"a position of a generation that is gone", at(3, lost), reset},
			{"a position of no generation", at(3, event.Generation{}), reset},
			{"a number that has not been given again yet", at(50, lost), reset},
		} {
			rd := r.open(fanout.Start{After: tc.after}, "a", "clock")
			got := fmt.Sprintf("%s %s: %s", rd.Mode, rd.Reason, rd.read())
			expect(t, fmt.Sprintf("%s, ring of %d", tc.name, ringSize), got, tc.want)
			for _, id := range []event.ID{rd.Opening.Position, rd.Cursor.Position()} {
				if again := r.open(fanout.Start{After: id}, "a", "clock"); again.Mode != "resumed" {
					t.Errorf("%s, ring of %d: its own position %s is not resumed from, but %s %s", tc.name, ringSize, id, again.Mode, again.Reason)
				}
			}
		}
	}
}

// The log's server was restarted while the hub ran.
func TestGenerationThatBeginsLaterIsLearnt(t *testing.T) {
	log := &agedLog{Memory: eventlog.NewMemory(eventlog.Retention{})}
	log.begin(eventlog.Generations{{Name: first, First: 1}})
	r := newRig(t, log, fanout.Options{MaxEvents: 3, PageSize: 2})
	r.publishMany("a", 1, 5)
	slow := r.open(fanout.Start{After: r.ids[0]}, "a", "quiet")
	log.begin(eventlog.Generations{{Name: first, First: 1}, {Name: second, First: 6}})
	r.publishMany("a", 6, 10)
	for _, id := range []event.ID{r.ids[3], r.ids[7], r.ids[9], r.ids[9].Before(), event.Position(r.ids[0].Epoch(), 10).In(second)} {
		if rd := r.open(fanout.Start{After: id}, "a"); rd.Mode != "resumed" {
			t.Errorf("%s is not resumed from, but %s %s", id, rd.Mode, rd.Reason)
		}
	}
	expect(t, "a reader that was behind", slow.read(), count("a", 2, 10))
	if rd := r.open(fanout.Start{After: event.Position(r.ids[0].Epoch(), 6).In(first)}, "a"); rd.Reason != "past" {
		t.Errorf("a number that another generation gave is %s %s", rd.Mode, rd.Reason)
	}
}

// Only replaced events have left the log since: a reader that has received
// nothing has lost nothing.
func TestPositionsOfAYoungLogAreResumed(t *testing.T) {
	log := eventlog.NewMemory(eventlog.Retention{})
	former := newRig(t, log, fanout.Options{})
	before := former.open(fanout.Start{}, "quiet")
	for i := range 4 {
		former.publish("clock", fmt.Sprint(i), event.Latest())
	}
	again := newRig(t, log, fanout.Options{})
	again.awaitHead(4)
	for i, id := range append([]event.ID{before.Opening.Position}, former.ids...) {
		if rd := again.open(fanout.Start{After: id}, "quiet"); rd.Mode != "resumed" {
			t.Errorf("after %d events: %s %s", i, rd.Mode, rd.Reason)
		}
	}
}
