package eventlogtest

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

func tailFrom(t *testCase) {
	log := t.open(eventlog.Retention{})
	all := t.fill(log, 10, "a", "b")
	t.await(log, count(1, 10))
	tests := []struct {
		name string
		from uint64
		skip int // how many events the tail must not give
	}{
		{"from zero", 0, 0}, {"from the start", 1, 0}, {"from the middle", 6, 5},
		{"from the head", 10, 9}, {"from after the head", 11, 10}, {"from beyond the head", 13, 12},
	}
	var tails []*recorder
	for _, test := range tests {
		r := t.tail(log, test.from, nil)
		r.isCaughtUp(1)
		if want := max(0, 10-test.skip); r.caughtUp[0] != want {
			t.Errorf("%s: %d events came before the empty batch, want %d", test.name, r.caughtUp[0], want)
		}
		tails = append(tails, r)
	}
	for i := range 5 {
		all = append(all, t.publish(log, draft("live", fmt.Sprint(i))))
	}
	for i, test := range tests {
		tails[i].shows(all[test.skip:])
		if err := tails[i].stop(); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: the tail ended with %v", test.name, err)
		}
		if n := len(tails[i].caughtUp); n != 1 {
			t.Errorf("%s: the tail has caught up %d times, without an outage", test.name, n)
		}
	}
}

func tailSeam(t *testCase) {
	const total, every = 200, 40
	log := t.open(eventlog.Retention{})
	peer := t.peer(log)
	var all []event.ID
	var tails []*recorder
	var skips []int
	// The tails start while events are being appended, so that their catching
	// up meets new ones.
	for i := range total {
		all = append(all, t.publish(log, draft("a", fmt.Sprint(i+1))))
		if i%every == 0 {
			tails = append(tails, t.tail(log, 1, nil), t.tail(peer, uint64(i), nil))
			skips = append(skips, 0, max(0, i-1))
		}
	}
	for i, r := range tails {
		r.shows(all[skips[i]:])
	}
}

func slowTail(t *testCase) {
	const total = 300
	log := t.open(eventlog.Retention{})
	released := make(chan struct{})
	release := sync.OnceFunc(func() { close(released) })
	defer release()
	slow := t.tail(log, 1, func() { <-released })
	quick := t.tail(log, 1, nil)
	all := t.fill(log, total, "a", "b")
	quick.shows(all)
	if slow.events != nil {
		t.Fatal("the slow tail is not slow")
	}
	release()
	slow.shows(all)
}

func closed(t *testCase) {
	log := t.open(eventlog.Retention{})
	t.fill(log, 3, "a")
	tail := t.tail(log, 1, nil)
	tail.isCaughtUp(1)
	if err := log.Close(); err != nil {
		t.Error(err)
	}
	tail.ends(eventlog.ErrClosed)
	if _, err := log.Append(t.Context(), draft("a", "late")); !errors.Is(err, eventlog.ErrClosed) {
		t.Errorf("an append gives %v", err)
	}
	if _, err := log.Read(t.Context(), 1, 1); !errors.Is(err, eventlog.ErrClosed) {
		t.Errorf("a read gives %v", err)
	}
	if _, err := log.State(t.Context()); !errors.Is(err, eventlog.ErrClosed) {
		t.Errorf("a state gives %v", err)
	}
	if err := log.Tail(t.Context(), 1, func([]event.Event, error) {}); !errors.Is(err, eventlog.ErrClosed) {
		t.Errorf("a tail gives %v", err)
	}
	if err := log.Close(); err != nil {
		t.Errorf("closing again gives %v", err)
	}
}
