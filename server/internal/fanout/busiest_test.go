package fanout_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/fanout"
)

func TestBusiestTopicsAndSlowestReadersComeFirst(t *testing.T) {
	r := newRig(t, eventlog.NewMemory(eventlog.Retention{}), fanout.Options{MaxEvents: 4})
	r.publish("a", "1")
	open := func(n int, topics ...string) (cursors []*fanout.Cursor) {
		for range n {
			c, _, err := r.hub.Open(t.Context(), topics, fanout.Start{}, func() {})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(c.Close)
			if _, err := c.Take(nil, 1000); err != nil { // it waits now
				t.Fatal(err)
			}
			cursors = append(cursors, c)
		}
		return cursors
	}
	open(3, "a")
	open(1, "b")
	open(2, "a", "b", "c", "d", "e")
	r.publish("b", "2")
	r.publishMany("d", 1, 3)

	got := r.hub.Busiest(2)
	if got.Topics != 5 || !slices.Equal(got.Followed, []fanout.Followed{{"a", 5, 0}, {"b", 3, 1}}) {
		t.Errorf("of %d topics, these have most readers: %v", got.Topics, got.Followed)
	}
	// They were woken and have taken nothing: what is next for them is in the ring.
	want := []fanout.Slow{
		{Topics: []string{"a", "b", "c"}, More: 2, Readers: 2, Lag: 4},
		{Topics: []string{"b"}, Readers: 1, Lag: 4},
	}
	if got.Behind != 3 || fmt.Sprint(got.Slowest) != fmt.Sprint(want) {
		t.Errorf("%d readers are behind: %v, want %v", got.Behind, got.Slowest, want)
	}
	r.publish("d", "4") // evicts b's event
	if got := r.hub.Busiest(1).Slowest; len(got) != 1 || got[0].LogRead != 2 || got[0].Lag != 5 {
		t.Errorf("behind the ring: %+v", got)
	}
	if got := r.hub.Busiest(0); got.Topics != 5 || got.Followed != nil || got.Slowest != nil {
		t.Errorf("none of each: %+v", got)
	}
}

// A hundred thousand topics, a reader each. What publishing waits for is far less: it is
// the longest of the times under the lock.
func BenchmarkBusiest(b *testing.B) {
	const topics = 100_000
	hub := fanout.New(eventlog.NewMemory(eventlog.Retention{}), fanout.Options{})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- hub.Run(ctx) }()
	defer func() { stop(); <-ended }()
	<-hub.Ready()
	for i := range topics {
		c, _, err := hub.Open(b.Context(), []string{fmt.Sprintf("topic.%d", i)}, fanout.Start{}, func() {})
		if err != nil {
			b.Fatal(err)
		}
		defer c.Close()
	}
	for b.Loop() {
		if got := hub.Busiest(20); len(got.Followed) != 20 {
			b.Fatalf("%d topics", len(got.Followed))
		}
	}
}
