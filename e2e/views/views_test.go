package views_test

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

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/eventlog/embedded"
	"github.com/seawaykit/seaway/shared/event"
)

// view returns the page.
func view(t testing.TB, h http.Handler, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	w, r := httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if h.ServeHTTP(w, r); w.Code != http.StatusOK {
		t.Errorf("the page is answered %d %s", w.Code, w.Body)
	}
	return w
}

func openEmbedded(t *testing.T) *embedded.Log {
	t.Helper()
	log, err := embedded.Open(t.Context(), embedded.Options{Dir: t.TempDir(), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { log.Close() })
	return log
}

// Every event that was acknowledged is in each view after it, while others write and
// view the same page.
func TestViewsHaveWhatWasWrittenBeforeThem(t *testing.T) {
	for name, log := range map[string]eventlog.Log{"in memory": eventlog.NewMemory(eventlog.Retention{}), "on disk": openEmbedded(t)} {
		t.Run(name, func(t *testing.T) {
			h, kept := newServer(t, log)
			var all sync.WaitGroup
			for writer := range 6 {
				all.Go(func() {
					for i := range 15 {
						text := fmt.Sprintf("item-%d-%d.", writer, i)
						if err := write(t.Context(), log, writer, text); err != nil {
							t.Error(err)
						}
						if !strings.Contains(view(t, h).Body.String(), text) {
							t.Errorf("the next view lacks %s", text)
						}
					}
				})
			}
			all.Wait()
			if err := kept.Erase(t.Context(), "red"); err != nil {
				t.Fatal(err)
			}
			if page := view(t, h).Body.String(); strings.Contains(page, "item-1-") || !strings.Contains(page, "item-0-") {
				t.Error("a state that was erased is shown, or notes are not")
			}
		})
	}
}

// write adds a text to the notes, or to the list.
func write(ctx context.Context, log event.Appender, writer int, text string) (err error) {
	if writer%2 == 0 {
		_, err = written.Publish(ctx, log, notes, text)
	} else {
		_, err = listed.Publish(ctx, log, lists.Topic("red"), text)
	}
	return err
}

// A countedLog counts what the log on the disk is asked for.
type countedLog struct {
	*embedded.Log
	asked atomic.Int64
}

func (c *countedLog) Read(ctx context.Context, from uint64, limit int, topics ...string) (eventlog.Page, error) {
	c.asked.Add(1)
	return c.Log.Read(ctx, from, limit, topics...)
}

func (c *countedLog) State(ctx context.Context) (eventlog.State, error) {
	c.asked.Add(1)
	return c.Log.State(ctx)
}

func TestViewsOfAnUnchangedPageDoNotAskTheLog(t *testing.T) {
	log := &countedLog{Log: openEmbedded(t)}
	h, _ := newServer(t, log)
	if err := write(t.Context(), log, 0, "alpha"); err != nil {
		t.Fatal(err)
	}
	page := view(t, h).Body.String()
	before := log.asked.Load()
	for i := range 50 {
		if _, err := written.Publish(t.Context(), log, fmt.Sprint("views.other", i), "x"); err != nil {
			t.Fatal(err)
		}
		for range 4 {
			if view(t, h).Body.String() != page {
				t.Fatal("the page was drawn anew, since its attributes are in another order")
			}
		}
	}
	// A draw asks it twice at least. The checkpoints of the lists, which are written
	// beside, ask as well, a few times a minute.
	if asked := log.asked.Load() - before; asked > 100 {
		t.Errorf("the log was asked %d times for 200 views", asked)
	}
	if err := write(t.Context(), log, 0, "beta"); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(view(t, h).Body.String(), "beta") {
		t.Error("the page lacks what was written")
	}
}

// BenchmarkPageView is a view of a page of 100 notes, from the router to the
// compressed answer.
func BenchmarkPageView(b *testing.B) {
	for _, others := range []int{0, 1_000_000} {
		log := eventlog.NewMemory(eventlog.Retention{MaxEvents: 4_000_000, MaxBytes: 4 << 30})
		for i := range 100 {
			if err := write(b.Context(), log, 0, fmt.Sprint("a note of the benchmark, the one with the number ", i)); err != nil {
				b.Fatal(err)
			}
		}
		for i := range others {
			if _, err := written.Publish(b.Context(), log, fmt.Sprint("views.other", i%1000), "x"); err != nil {
				b.Fatal(err)
			}
		}
		h, _ := newServer(b, log)
		b.Run(fmt.Sprintf("unchanged/events=%d", others), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				view(b, h, "Accept-Encoding", "gzip")
			}
		})
		b.Run(fmt.Sprintf("changed/events=%d", others), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := write(b.Context(), log, 0, "one more note of the benchmark"); err != nil {
					b.Fatal(err)
				}
				view(b, h, "Accept-Encoding", "gzip")
			}
		})
	}
}
