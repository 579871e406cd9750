package eventlogtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

func oneOrder(t *testCase) {
	const writers, each = 8, 25
	log := t.open(eventlog.Retention{})
	peer := t.peer(log)
	tails := []*recorder{t.tail(log, 1, nil), t.tail(peer, 1, nil)}

	epoch := t.state(log).Epoch
	var mu sync.Mutex
	var acked []event.ID
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				d := draft(fmt.Sprintf("topic.%d", w), fmt.Sprint(i))
				id, err := []eventlog.Log{log, peer}[w%2].Append(t.Context(), d)
				if err != nil {
					t.Error(err)
					return
				}
				if id != event.NewID(epoch, id.Seq(), d.Key).In(id.Generation()) {
					t.Errorf("the id %s does not prove its key in epoch %s", id, epoch)
				}
				mu.Lock()
				acked = append(acked, id)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	slices.SortFunc(acked, func(a, b event.ID) int { return int(a.Seq()) - int(b.Seq()) })
	if n := len(slices.Compact(slices.Clone(acked))); n != writers*each {
		t.Fatalf("%d appends gave %d ids", writers*each, n)
	}
	for _, tail := range tails {
		tail.shows(acked)
	}
	for _, l := range []eventlog.Log{log, peer} {
		t.eventually(func() error {
			if got := ids(t.readAll(l, 1, 64)); !slices.Equal(got, acked) {
				return fmt.Errorf("a reader sees %v, want %v", got, acked)
			}
			return nil
		})
	}
}

func intact(t *testCase) {
	log := t.open(eventlog.Retention{})
	before := time.Now()
	data := []byte("a\r\n\x00\xff\nb")
	binary := event.Draft{Topic: "Room_1.lobby-2", Type: "chat.posted", Data: data, Key: "k:1/~!"}
	want := []event.ID{
		t.publish(log, binary),
		t.publish(log, event.Draft{Topic: "a", Type: "empty"}),
	}
	copy(data, "changed after the append")

	tail := t.tail(log, 1, nil)
	tail.shows(want)
	read := t.await(log, "a\r\n\x00\xff\nb ")
	t.same("read", read, want)
	for i, e := range read {
		if live := tail.events[i]; !live.Time().Equal(e.Time()) || string(live.Data()) != string(e.Data()) || live.Type() != e.Type() || live.Topic() != e.Topic() {
			t.Errorf("a tail gave %v, a read %v", live, e)
		}
		// An hour of tolerance: a cluster's clocks differ, a unit's mistake is
		// a factor of a thousand.
		if e.Time().Before(before.Add(-time.Hour)) || e.Time().After(time.Now().Add(time.Hour)) {
			t.Errorf("the event's time is %s", e.Time())
		}
	}
	if e := read[0]; e.Topic() != binary.Topic || e.Type() != binary.Type {
		t.Errorf("topic %q and type %q came back", e.Topic(), e.Type())
	}
}

func badDrafts(t *testCase) {
	log := t.open(eventlog.Retention{})
	good := draft("a", "1")
	tests := []struct {
		name  string
		spoil func(*event.Draft)
	}{
		{"no topic", func(d *event.Draft) { d.Topic = "" }},
		{"a wildcard for a topic", func(d *event.Draft) { d.Topic = "room.*" }},
		{"a topic that ends in a dot", func(d *event.Draft) { d.Topic = "room." }},
		{"a topic of two lines", func(d *event.Draft) { d.Topic = "a\r\nb" }},
		{"a topic that is too long", func(d *event.Draft) { d.Topic = strings.Repeat("a", event.MaxTopic+1) }},
		{"no type", func(d *event.Draft) { d.Type = "" }},
		{"a reserved type", func(d *event.Draft) { d.Type = "hello" }},
		{"a key of two lines", func(d *event.Draft) { d.Key = "a\r\nNats-Rollup: all" }},
		{"a key that is too long", func(d *event.Draft) { d.Key = strings.Repeat("a", event.MaxKey+1) }},
		{"a request of two lines", func(d *event.Draft) { d.Request = "a\r\nNats-Rollup: all" }},
		{"a lifetime that is too short", func(d *event.Draft) { d.TTL = time.Millisecond }},
		{"a negative lifetime", func(d *event.Draft) { d.TTL = -time.Hour }},
	}
	for _, test := range tests {
		d := good
		test.spoil(&d)
		_, err := log.Append(t.Context(), d)
		if want := d.Check(); want == nil || err == nil || !strings.Contains(err.Error(), want.Error()) || !sameKind(err, want) {
			t.Errorf("%s: the error is %v, want %v", test.name, err, want)
		}
	}
	if state := t.state(log); state.Last != 0 {
		t.Errorf("refused drafts were stored: the last number is %d", state.Last)
	}
}

// sameKind reports whether err holds want, or another error of its type.
func sameKind(err, want error) bool {
	var got, wanted *event.NameError
	if errors.As(want, &wanted) {
		return errors.As(err, &got)
	}
	return errors.Is(err, want)
}

func tooLarge(t *testCase) {
	log := t.open(eventlog.Retention{MaxEvent: 2000})
	d := draft(strings.Repeat("t", event.MaxTopic), "")
	d.Type, d.Key = strings.Repeat("n", event.MaxName), strings.Repeat("k", event.MaxKey)
	d.Latest, d.TTL, d.ExpectLast = true, time.Hour, new(uint64) // everything that makes a stored event longer
	d.Data = make([]byte, 2000-event.MaxTopic-event.MaxName)
	id := t.publish(log, d)
	d.Data, d.Key, d.ExpectLast = append(d.Data, 0), "another", nil
	if _, err := log.Append(t.Context(), d); !errors.Is(err, eventlog.ErrTooLarge) {
		t.Errorf("one byte over the limit gives %v", err)
	}
	if state := t.state(log); state.Last != id.Seq() {
		t.Errorf("the last number is %d, want %d", state.Last, id.Seq())
	}
}

func interrupted(t *testCase) {
	log := t.open(eventlog.Retention{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := log.Append(ctx, draft("a", "1")); !errors.Is(err, eventlog.ErrUnavailable) || !errors.Is(err, context.Canceled) {
		t.Errorf("an append gives %v", err)
	}
	if _, err := log.Read(ctx, 1, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("a read gives %v", err)
	}
	if _, err := log.State(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("a state gives %v", err)
	}
	if err := log.Tail(ctx, 1, func([]event.Event, error) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("a tail gives %v", err)
	}
}

func latest(t *testCase) {
	log := t.open(eventlog.Retention{})
	tail := t.tail(log, 1, nil)
	var all []event.ID
	for _, d := range []struct {
		topic, data string
		latest      bool
	}{
		{"clock", "tick", false}, {"room", "first", false}, {"clock", "tock", false},
		{"clock", "noon", true}, {"clock.wall", "stays", false}, {"clock", "one", true}, {"room", "second", false},
	} {
		dr := draft(d.topic, d.data)
		dr.Latest = d.latest
		id := t.publish(log, dr)
		all = append(all, id)
		// Each is awaited, since the next may remove it before a tail that
		// lags has seen it.
		tail.shows(all)
	}
	t.await(log, "first stays one second")
	for _, e := range append(t.await(log, "one", "clock"), tail.events...) {
		if data := string(e.Data()); e.Latest() != (data == "noon" || data == "one") {
			t.Errorf("%s: Latest is %t", data, e.Latest())
		}
	}
	if state := t.state(log); state.First > all[1].Seq() || state.Last != all[6].Seq() {
		t.Errorf("the state is %+v", state)
	}
}

func lifetime(t *testCase) {
	log := t.open(eventlog.Retention{})
	d := draft("a", "short")
	d.TTL = time.Second
	short := t.publish(log, d)
	d = draft("a", "long")
	d.TTL = time.Hour + time.Millisecond
	t.publish(log, d)
	t.await(log, "long", "a")
	forever := t.publish(log, draft("a", "forever"))
	left := t.await(log, "long forever")
	if at := left[0].Expires().Sub(left[0].Time()); at < time.Hour || at > time.Hour+time.Second {
		t.Errorf("an event with a lifetime of an hour expires after %v", at)
	}
	if at := left[1].Expires(); !at.IsZero() {
		t.Errorf("an event without a lifetime expires at %v", at)
	}
	if state := t.state(log); state.First > short.Seq() || state.Last != forever.Seq() {
		t.Errorf("the state is %+v, and retention has removed nothing", state)
	}
}

func byCount(t *testCase) {
	log := t.open(eventlog.Retention{MaxEvents: 10})
	all := t.fill(log, 25, "a", "b")
	t.same("what is left", t.await(log, count(16, 25)), all[15:])
	if state := t.state(log); state.First != 16 || state.Last != 25 {
		t.Errorf("the state is %+v", state)
	}
}
