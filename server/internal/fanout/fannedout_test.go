package fanout_test

import (
	"slices"
	"sync"
	"testing"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/shared/event"
)

func TestFanOutsOfNewEventsAreReported(t *testing.T) {
	log := eventlog.NewMemory(eventlog.Retention{})
	old, err := log.Append(t.Context(), event.Draft{Topic: "a", Type: "test.event", Data: []byte("old")})
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var reported []fanout.FanOut
	r := newRig(t, log, fanout.Options{FannedOut: func(f fanout.FanOut) {
		mu.Lock()
		defer mu.Unlock()
		reported = append(reported, f)
	}})
	r.awaitHead(old.Seq())
	c, _, err := r.hub.Open(t.Context(), []string{"a"}, fanout.Start{}, func() {})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	want := []event.ID{r.publish("a", "1"), r.publish("b", "2")}
	until(t, func() bool { mu.Lock(); defer mu.Unlock(); return len(reported) == 2 })
	var got []event.ID
	for i, f := range reported {
		got = append(got, f.Event.ID())
		if f.Began.IsZero() || f.Ended.Before(f.Began) || f.Readers != 1-i {
			t.Errorf("%+v", f)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("reported are %v, want %v", got, want)
	}
}
