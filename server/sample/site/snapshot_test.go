package site

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/app/sample/page"
	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/sample/chat"
)

// A page's charts begin with the node that has drawn it.
func TestASnapshotHasItsOwnNodesVitalSigns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := eventlog.NewMemory(eventlog.Retention{})
		a, b := startNode(t, log, "a"), startNode(t, log, "b")
		ctx, stop := context.WithCancel(t.Context())
		var both sync.WaitGroup
		both.Go(func() { a.site.beat(ctx) })
		both.Go(func() { b.site.beat(ctx) })
		after(6 * time.Minute)
		for _, n := range []*node{a, b} {
			if _, err := n.site.snapshots.get(t.Context()); err != nil {
				t.Fatal(err)
			}
			samples := n.site.snapshot().Samples
			for _, e := range samples {
				if e.Value.Node != n.site.opts.Node {
					t.Errorf("a page of %s shows a sample of %q", n.site.opts.Node, e.Value.Node)
				}
			}
			if n := len(samples); n < page.LastSamples-1 || n > page.LastSamples {
				t.Errorf("a page shows %d samples", n)
			}
		}
		stop()
		both.Wait()
	})
}

// A countedLog counts how often its state is asked for, which each snapshot does
// first and once. It can be out of reach.
type countedLog struct {
	eventlog.Log
	asked atomic.Int64
	away  atomic.Bool
}

func (c *countedLog) State(ctx context.Context) (eventlog.State, error) {
	c.asked.Add(1)
	select {
	case <-time.After(100 * time.Millisecond): // the bubble's
	case <-ctx.Done():
		return eventlog.State{}, eventlog.Interrupted(ctx)
	}
	if c.away.Load() {
		return eventlog.State{}, eventlog.ErrUnavailable
	}
	return c.Log.State(ctx)
}

// loading asks a node for a page, n times at once.
func (n *node) loading(ctx context.Context, all *sync.WaitGroup, times int) (ok *atomic.Int64) {
	ok = &atomic.Int64{}
	for range times {
		all.Go(func() {
			w := httptest.NewRecorder()
			n.site.Handler().ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil))
			if w.Code == http.StatusOK && strings.Contains(w.Body.String(), "</html>") {
				ok.Add(1)
			}
		})
	}
	return ok
}

func TestSnapshotIsReadOnceForPagesThatAreAskedForAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &countedLog{Log: eventlog.NewMemory(eventlog.Retention{})}
		n := startNode(t, log, "")
		before := log.asked.Load()
		var all sync.WaitGroup
		ok := n.loading(t.Context(), &all, 100)
		all.Wait()
		if read := log.asked.Load() - before; ok.Load() != 100 || read < 1 || read > 2 {
			t.Errorf("%d pages were drawn, of %d snapshots, want 100 of at most 2", ok.Load(), read)
		}
	})
}

// What was acknowledged before a page is asked for is in it, whoever else is being
// read a snapshot for.
func TestSnapshotIsNoOlderThanItsRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &countedLog{Log: eventlog.NewMemory(eventlog.Retention{})}
		n := startNode(t, log, "")
		var all sync.WaitGroup
		for i := range 20 {
			n.loading(t.Context(), &all, 3) // one is being read, one is waited for
			time.Sleep(70 * time.Millisecond)
			text := fmt.Sprint("message ", i, ".")
			if _, err := chat.Posted.Publish(t.Context(), log, "room.lobby", chat.Message{ID: fmt.Sprint(i), Text: text}); err != nil {
				t.Fatal(err)
			}
			w := httptest.NewRecorder()
			n.site.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
			if !strings.Contains(w.Body.String(), text) {
				t.Fatalf("the page lacks %s", text)
			}
		}
		all.Wait()
	})
}

func TestPageIsNotDrawnForAClientThatHasGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &countedLog{Log: eventlog.NewMemory(eventlog.Retention{})}
		n := startNode(t, log, "")
		before := log.asked.Load()
		ctx, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		drawn := n.loading(ctx, &all, 50)
		time.Sleep(50 * time.Millisecond) // a snapshot is half read
		cancel()
		all.Wait()
		if read := log.asked.Load() - before; drawn.Load() != 0 || read > 2 {
			t.Errorf("%d pages were drawn, and the log was asked %d times, want 0 and at most 2", drawn.Load(), read)
		}
	})
}

// A log that is away is not told of with each page.
func TestPagesWithoutMessagesAreOneWarning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &countedLog{Log: eventlog.NewMemory(eventlog.Retention{})}
		var logged bytes.Buffer
		n := startNodeThatLogs(t, log, "", slog.NewTextHandler(&logged, nil))
		log.away.Store(true)
		for range 50 {
			var all sync.WaitGroup
			ok := n.loading(t.Context(), &all, 4)
			if all.Wait(); ok.Load() != 4 {
				t.Fatalf("%d of 4 pages were drawn", ok.Load())
			}
		}
		if got := strings.Count(logged.String(), "\n"); got < 1 || got > 2 {
			t.Errorf("%d lines: %s", got, &logged)
		}
	})
}
