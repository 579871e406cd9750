package fanout_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/shared/event"
)

// A rig is a hub over a log in memory.
type rig struct {
	t   *testing.T
	log eventlog.Log
	hub *fanout.Hub
	ids []event.ID // of what publish has appended
}

func newRig(t *testing.T, log eventlog.Log, opts fanout.Options) *rig {
	t.Helper()
	opts.Encode = func(e event.Event) []byte { return append([]byte(e.Topic()+"="), e.Data()...) }
	r := &rig{t: t, log: log, hub: fanout.New(log, opts)}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.hub.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) && !errors.Is(err, eventlog.ErrClosed) {
			t.Errorf("Run returned %v", err)
		}
	})
	return r
}

// publish appends one event and waits until the hub has it.
func (r *rig) publish(topic, data string, opts ...event.Option) event.ID {
	r.t.Helper()
	d := event.Draft{Topic: topic, Type: "test.event", Data: []byte(data)}
	for _, opt := range opts {
		opt(&d)
	}
	id, err := r.log.Append(r.t.Context(), d)
	if err != nil {
		r.t.Fatal(err)
	}
	r.ids = append(r.ids, id)
	r.awaitHead(id.Seq())
	return id
}

func (r *rig) publishMany(topic string, from, to int) {
	r.t.Helper()
	for i := from; i <= to; i++ {
		r.publish(topic, strconv.Itoa(i))
	}
}

func (r *rig) awaitHead(seq uint64) {
	r.t.Helper()
	<-r.hub.Ready()
	until(r.t, func() bool { _, head := r.hub.Head(); return head.Seq() >= seq })
}

// until polls, since a hub has no way to wait for a number: no caller needs
// one.
func until(t *testing.T, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(100 * time.Microsecond)
	defer tick.Stop()
	deadline := time.After(2 * time.Minute)
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal("waited for 2 min")
		}
	}
}

// A reader is a cursor and what it took.
type reader struct {
	*fanout.Cursor
	fanout.Opening
	t     *testing.T
	wakes atomic.Int32
}

func (r *rig) open(start fanout.Start, topics ...string) *reader {
	r.t.Helper()
	rd := &reader{t: r.t}
	var err error
	rd.Cursor, rd.Opening, err = r.hub.Open(r.t.Context(), topics, start, func() { rd.wakes.Add(1) })
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(rd.Close)
	return rd
}

// read takes all frames there are, from the ring or the log, and returns them
// as text.
func (rd *reader) read() string {
	rd.t.Helper()
	all, err := rd.tryRead()
	if err != nil {
		rd.t.Fatal(err)
	}
	return all
}

func (rd *reader) tryRead() (string, error) {
	var all []string
	for {
		frames, err := rd.Take(nil, 64)
		if errors.Is(err, fanout.ErrBehind) {
			if frames, err = rd.Fetch(rd.t.Context(), nil); err == nil && len(frames) == 0 {
				continue
			}
		}
		if err != nil || len(frames) == 0 {
			return strings.Join(all, " "), err
		}
		for _, f := range frames {
			all = append(all, string(f.Bytes))
		}
	}
}

// count returns "topic=from topic=from+1 ... topic=to".
func count(topic string, from, to int) string {
	var all []string
	for i := from; i <= to; i++ {
		all = append(all, fmt.Sprintf("%s=%d", topic, i))
	}
	return strings.Join(all, " ")
}

func expect(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

func TestCursorYieldsItsTopicsInOrderAndNothingElse(t *testing.T) {
	r := newRig(t, eventlog.NewMemory(eventlog.Retention{}), fanout.Options{})
	r.publish("a", "before")
	rd := r.open(fanout.Start{}, "a", "c", "a")
	expect(t, "at first", rd.read(), "")
	for i, topic := range []string{"a", "b", "c", "a", "b", "c"} {
		r.publish(topic, strconv.Itoa(i))
	}
	expect(t, "read", rd.read(), "a=0 c=2 a=3 c=5")
	expect(t, "read again", rd.read(), "")
	if _, head := r.hub.Head(); rd.Cursor.Position() != head {
		t.Errorf("position %s of a reader that is up to date, head %s", rd.Cursor.Position(), head)
	}
}

func TestTakeStopsAtTheByteLimitAndGoesOn(t *testing.T) {
	r := newRig(t, eventlog.NewMemory(eventlog.Retention{}), fanout.Options{})
	rd := r.open(fanout.Start{}, "a")
	r.publish("a", strings.Repeat("x", 100))
	r.publishMany("a", 1, 5)
	frames, err := rd.Take(nil, 10)
	if err != nil || len(frames) != 1 || len(frames[0].Bytes) != 102 {
		t.Fatalf("got %d frames, %v; want the large one alone", len(frames), err)
	}
	if frames, _ = rd.Take(nil, 10); len(frames) != 3 {
		t.Errorf("got %d frames of 3 bytes into 10", len(frames))
	}
	expect(t, "the rest", rd.read(), "a=4 a=5")
}

// settle returns when the readers of all that was published have been woken: the
// hub wakes before it takes the next event.
func (r *rig) settle() {
	r.t.Helper()
	r.publish("settle", "")
}

func TestReaderIsWokenOnceAndByItsOwnTopicsOnly(t *testing.T) {
	r := newRig(t, eventlog.NewMemory(eventlog.Retention{}), fanout.Options{})
	mine, other := r.open(fanout.Start{}, "mine"), r.open(fanout.Start{}, "other")
	mine.read()
	other.read()
	woken := func(what string, want int32) {
		t.Helper()
		r.settle()
		if mine, other := mine.wakes.Load(), other.wakes.Load(); mine != want || other != 0 {
			t.Errorf("%s: woken %d and %d times, want %d and 0", what, mine, other, want)
		}
	}
	r.publishMany("mine", 1, 10)
	woken("it waits", 1)
	mine.read()
	r.publish("mine", "11")
	woken("it waits again", 2)
	mine.read()
	mine.Close()
	r.publish("mine", "12")
	woken("it is closed", 2)
}

// Between a reader's last look and its waiting an event may have come. A wake for
// it would never be sent.
func TestReaderThatIsOvertakenDoesNotWait(t *testing.T) {
	r := newRig(t, eventlog.NewMemory(eventlog.Retention{}), fanout.Options{})
	rd := r.open(fanout.Start{}, "a")
	frames, next, err := r.hub.Peek(rd.Offset(), nil, 64)
	if err != nil || len(frames) != 0 {
		t.Fatalf("Peek: %d frames, %v", len(frames), err)
	}
	r.publish("a", "1")
	rd.MoveTo(next)
	if rd.Wait() {
		t.Error("it waits although there is more")
	}
	r.publish("a", "2")
	r.settle()
	if n := rd.wakes.Load(); n != 0 {
		t.Errorf("woken %d times although it does not wait", n)
	}
	expect(t, "read", rd.read(), "a=1 a=2")
}

func TestReaderThatFallsBehindTheRingReadsTheLogAndReturns(t *testing.T) {
	r := newRig(t, eventlog.NewMemory(eventlog.Retention{}), fanout.Options{MaxEvents: 8, PageSize: 5})
	slow := r.open(fanout.Start{}, "a", "b")
	var want []string
	for i := range 100 {
		topic := []string{"a", "b", "c"}[i%3]
		r.publish(topic, strconv.Itoa(i))
		if topic != "c" {
			want = append(want, fmt.Sprintf("%s=%d", topic, i))
		}
	}
	if _, err := slow.Take(nil, 64); !errors.Is(err, fanout.ErrBehind) {
		t.Fatalf("Take: %v, want ErrBehind", err)
	}
	expect(t, "slow reader", slow.read(), strings.Join(want, " "))
	r.publish("a", "live")
	expect(t, "then live", slow.read(), "a=live")
}

func TestRingIsBoundedInBytes(t *testing.T) {
	r := newRig(t, eventlog.NewMemory(eventlog.Retention{}), fanout.Options{MaxBytes: 20})
	rd := r.open(fanout.Start{}, "a")
	r.publishMany("a", 1, 9)
	if _, err := rd.Take(nil, 64); !errors.Is(err, fanout.ErrBehind) {
		t.Errorf("9 frames of 3 bytes in a ring of 20: %v, want ErrBehind", err)
	}
	expect(t, "read", rd.read(), count("a", 1, 9))
}

// A topic on which nothing happens must not send its readers to the log, however
// much happens elsewhere.
func TestReaderOfAQuietTopicNeverFallsBehind(t *testing.T) {
	r := newRig(t, eventlog.NewMemory(eventlog.Retention{}), fanout.Options{MaxEvents: 4})
	quiet := r.open(fanout.Start{}, "quiet")
	quiet.read()
	before := quiet.Cursor.Position()
	r.publishMany("busy", 1, 50)
	if n := quiet.wakes.Load(); n != 0 {
		t.Errorf("woken %d times", n)
	}
	if _, err := quiet.Take(nil, 64); err != nil {
		t.Errorf("Take: %v", err)
	}
	if quiet.Cursor.Position() == before {
		t.Error("its position did not move on with the log")
	}
	r.publish("quiet", "now")
	expect(t, "read", quiet.read(), "quiet=now")
}

func TestHubThatStartsOverAnOldLogServesAllOfIt(t *testing.T) {
	log := eventlog.NewMemory(eventlog.Retention{})
	first := newRig(t, log, fanout.Options{})
	first.publishMany("a", 1, 30)
	again := newRig(t, log, fanout.Options{MaxEvents: 10})
	again.awaitHead(30)
	rd := again.open(fanout.Start{After: first.ids[2]}, "a")
	expect(t, "mode", string(rd.Mode), "resumed")
	expect(t, "read", rd.read(), count("a", 4, 30))
}

func TestLatestEventReplacesOlderOnes(t *testing.T) {
	r := newRig(t, eventlog.NewMemory(eventlog.Retention{}), fanout.Options{})
	slow := r.open(fanout.Start{}, "clock", "room")
	r.publish("room", "1")
	for i := range 500 {
		r.publish("clock", strconv.Itoa(i), event.Latest())
	}
	r.publish("room", "2")
	expect(t, "slow reader", slow.read(), "room=1 clock=499 room=2")
	expect(t, "fresh window", r.open(fanout.Start{Last: 10}, "clock", "room").read(), "room=1 clock=499 room=2")
	rd := r.open(fanout.Start{After: r.ids[5]}, "clock", "room")
	expect(t, "resume after one that was replaced", string(rd.Mode)+" "+rd.read(), "resumed clock=499 room=2")
}

func TestExpiredEventIsNotDelivered(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := newRig(t, eventlog.NewMemory(eventlog.Retention{}), fanout.Options{})
		slow := r.open(fanout.Start{}, "a")
		r.publish("a", "short", event.Expires(time.Second))
		r.publish("a", "long", event.Expires(time.Hour))
		<-time.After(time.Minute) // no time at all in a bubble
		expect(t, "read", slow.read(), "a=long")
	})
}

func TestWindowHoldsTheNewestRetainedEventsOfTheTopics(t *testing.T) {
	r := newRig(t, eventlog.NewMemory(eventlog.Retention{}), fanout.Options{MaxEvents: 7, PageSize: 3})
	for i := range 60 {
		r.publish([]string{"a", "b", "c"}[i%3], strconv.Itoa(i))
	}
	for _, tc := range []struct {
		n      int
		topics []string
		want   string
	}{
		{0, []string{"a"}, ""},
		{2, []string{"a"}, "a=54 a=57"},
		{5, []string{"a"}, "a=45 a=48 a=51 a=54 a=57"},
		{4, []string{"c", "a"}, "a=54 c=56 a=57 c=59"},
		{9, []string{"b", "c"}, "c=47 b=49 c=50 b=52 c=53 b=55 c=56 b=58 c=59"},
		{3, []string{"nothing"}, ""},
	} {
		rd := r.open(fanout.Start{Last: tc.n}, tc.topics...)
		expect(t, fmt.Sprint("last ", tc.n, " of ", tc.topics), rd.read(), tc.want)
	}
	all := r.open(fanout.Start{Last: 1000}, "a").read()
	if n := len(strings.Fields(all)); n != 20 {
		t.Errorf("a window larger than the topic holds %d events, want 20", n)
	}
}

func TestSnapshotAndTheStreamAfterItAreTheWholeTopic(t *testing.T) {
	r := newRig(t, eventlog.NewMemory(eventlog.Retention{}), fanout.Options{MaxEvents: 6, PageSize: 2})
	r.publishMany("a", 1, 9)
	r.publish("b", "x")
	events, at, err := r.hub.Snapshot(t.Context(), []string{"a"}, 5)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range events {
		got = append(got, "a="+string(e.Data()))
	}
	if want := strings.Fields(count("a", 5, 9)); !slices.Equal(got, want) {
		t.Errorf("snapshot %v, want %v", got, want)
	}
	r.publishMany("a", 10, 12)
	rd := r.open(fanout.Start{After: at}, "a")
	expect(t, "the stream", string(rd.Mode)+" "+rd.read(), "resumed "+count("a", 10, 12))
}
