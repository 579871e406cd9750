package site

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/sample/inbox"
)

// What pages have kept while the server was away comes right after its start,
// when names may not have been read.
func TestAPostWaitsForTheNamesThatItNeeds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := eventlog.NewMemory(eventlog.Retention{})
		if _, err := record(t.Context(), log, namesTopic, namedType, guest.Guest{ID: "ann", Name: "Ann"}); err != nil {
			t.Fatal(err)
		}
		s, err := New(Options{Log: log, Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		post := func(text string) error {
			_, err := s.post(t.Context(), chat.PostRequest{Room: "lobby", Author: "x", Text: text})
			return err
		}
		if err := post("hi"); err != nil {
			t.Errorf("a post that needs none: %v", err)
		}
		var refused *fault.Error
		if err := post("too early for @ann"); !errors.As(err, &refused) || refused.Code != fault.Unavailable {
			t.Errorf("one that does: %v", err)
		}
		var posting sync.WaitGroup
		posting.Go(func() {
			if err := post("where is @ann?"); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { s.hub.Run(ctx) })
		running.Go(func() { s.watchPeople(ctx) })
		posting.Wait()
		stop()
		running.Wait()
		if page, err := log.Read(t.Context(), 1, 10, inbox.Topic("ann")); err != nil || len(page.Events) != 1 {
			t.Errorf("the mention is %d notices, %v", len(page.Events), err)
		}
	})
}
