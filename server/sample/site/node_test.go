package site

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/live"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/guest"
)

// A node is a site that keeps states and presence, and publishes nothing else, in
// a bubble of its own time: days would be full of ticks.
type node struct {
	t    *testing.T
	site *Site
	stop func()
}

func startNode(t *testing.T, log eventlog.Log, name string) *node {
	t.Helper()
	s, err := newSite(Options{Log: log, Node: name, Live: live.Options{Logger: slog.New(slog.DiscardHandler)}})
	if err != nil {
		t.Fatal(err)
	}
	s.server.Handler() // starts it
	now, cutAll := context.WithCancel(context.Background())
	cutAll()
	n := &node{t, s, func() { s.server.Shutdown(now) }}
	t.Cleanup(n.stop)
	synctest.Wait()
	return n
}

// after lets time pass, until everything that it brings about has happened.
func after(d time.Duration) {
	time.Sleep(d) // the bubble's
	synctest.Wait()
}

// Names are kept whatever retention removes.
func TestNamesOutliveTheRetention(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := eventlog.NewMemory(eventlog.Retention{MaxAge: 24 * time.Hour})
		n := startNode(t, log, "")
		for id, name := range map[string]string{"ann": "Ann", "bob": "Bob"} {
			if _, err := named.Publish(t.Context(), log, namesTopic, guest.Guest{ID: id, Name: name}); err != nil {
				t.Fatal(err)
			}
		}
		after(49 * time.Hour)
		if page, err := log.Read(t.Context(), 0, 10, namesTopic); err != nil || len(page.Events) != 0 {
			t.Errorf("the log still has %d names, %v", len(page.Events), err)
		}
		n.stop()
		n = startNode(t, log, "")
		for id, want := range map[string]string{"ann": "Ann", "bob": "Bob"} {
			if got, err := n.site.guest(t.Context(), id); err != nil || got.Name != want {
				t.Errorf("after a restart %s is called %q, %v; want %q", id, got.Name, err, want)
			}
		}
	})
}

// nowhere is a log that takes nothing.
type nowhere struct{}

func (nowhere) Append(context.Context, event.Draft) (event.ID, error) {
	return event.ID{}, eventlog.ErrUnavailable
}
