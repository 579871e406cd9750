package embedded

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// follow tails a log, and returns a look at what came.
func follow(t *testing.T, log eventlog.Log) (seen func() []event.ID) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var mu sync.Mutex
	var ids []event.ID
	var wg sync.WaitGroup
	wg.Go(func() {
		log.Tail(ctx, 1, func(batch []event.Event, err error) {
			mu.Lock()
			defer mu.Unlock()
			ids = append(ids, idsOf(batch)...)
		})
	})
	t.Cleanup(func() { cancel(); wg.Wait() })
	return func() []event.ID {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(ids)
	}
}

func idsOf(events []event.Event) (ids []event.ID) {
	for _, e := range events {
		ids = append(ids, e.ID())
	}
	return ids
}
