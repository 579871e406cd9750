package site

import (
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

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/live"
	"github.com/seawaykit/seaway/shared/sample/chat"
)

// A reluctantLog takes its time to say what it holds.
type reluctantLog struct{ eventlog.Log }

func (l reluctantLog) State(ctx context.Context) (eventlog.State, error) {
	select {
	case <-time.After(20 * time.Millisecond): // the bubble's
		return l.Log.State(ctx)
	case <-ctx.Done():
		return eventlog.State{}, eventlog.Interrupted(ctx)
	}
}

// load loads the page of messages, n times at once, and adds to drawn how many were complete.
func (s *Site) load(ctx context.Context, all *sync.WaitGroup, n int, drawn *atomic.Int64) {
	for range n {
		all.Go(func() {
			w := httptest.NewRecorder()
			s.server.Handler().ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/room/lobby", nil))
			if w.Code == http.StatusOK && strings.Contains(w.Body.String(), "</html>") {
				drawn.Add(1)
			}
		})
	}
}

// An event that was acknowledged before a page is requested is in it, even if others
// are being drawn.
func TestPageIsNoOlderThanItsRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := reluctantLog{eventlog.NewMemory(eventlog.Retention{})}
		s := startNode(t, log, "").site
		var all sync.WaitGroup
		var drawn atomic.Int64
		for i := range 20 {
			s.load(t.Context(), &all, 3, &drawn)
			time.Sleep(10 * time.Millisecond) // the bubble's
			text := fmt.Sprint("message ", i, ".")
			if _, err := chat.Posted.Publish(t.Context(), log, "room.lobby", chat.Message{ID: fmt.Sprint(i), Text: text}); err != nil {
				t.Fatal(err)
			}
			w := httptest.NewRecorder()
			s.server.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/room/lobby", nil))
			if !strings.Contains(w.Body.String(), text) {
				t.Fatalf("the page lacks %s", text)
			}
		}
		if all.Wait(); drawn.Load() != 60 {
			t.Errorf("%d of 60 other pages were drawn", drawn.Load())
		}
	})
}

// Without its log a page is drawn all the same, and fills from the stream.
func TestPageIsDrawnWithoutItsLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &unreadLog{Log: eventlog.NewMemory(eventlog.Retention{})}
		s, err := newSite(Options{Log: log, Live: live.Options{Logger: slog.New(slog.DiscardHandler)}})
		if err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		var drawn atomic.Int64
		for range 10 {
			s.load(t.Context(), &all, 4, &drawn)
			all.Wait()
		}
		if drawn.Load() != 40 {
			t.Errorf("%d of 40 pages were drawn", drawn.Load())
		}
		now, cutAll := context.WithCancel(context.Background())
		cutAll()
		s.server.Shutdown(now)
	})
}
