package site

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/live"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/sample/inbox"
	"github.com/seawaykit/seaway/shared/state"
)

// An unreadLog accepts events, and does not say what it holds until it is open.
type unreadLog struct {
	eventlog.Log
	open atomic.Bool
}

func (l *unreadLog) State(ctx context.Context) (eventlog.State, error) {
	if !l.open.Load() {
		return eventlog.State{}, eventlog.ErrUnavailable
	}
	return l.Log.State(ctx)
}

// postTo posts a program's message by itself, as the server carries out the mutation.
func (s *Site) postTo(ctx context.Context, room, text string) error {
	_, err := s.post(ctx, chat.PostRequest{Room: room, Author: "x", Text: text}, func(ctx context.Context, r chat.PostRequest) (chat.PostReply, error) {
		c := state.NewCall(chat.Topic(room), "", rand.Text(), time.Now())
		reply, err := chat.Post.Decide(c, chat.Histories.New(), r)
		if err != nil {
			return reply, err
		}
		drafts, err := c.Drafts()
		if err == nil {
			reply.ID, err = s.opts.Log.Append(ctx, drafts[0])
		}
		return reply, err
	})
	return err
}

// What pages have kept while the server was away comes right after its start,
// when names may not have been read.
func TestPostWaitsForTheNamesThatItNeeds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &unreadLog{Log: eventlog.NewMemory(eventlog.Retention{})}
		if _, err := named.Publish(t.Context(), log, namesTopic, guest.Guest{ID: "ann", Name: "Ann"}); err != nil {
			t.Fatal(err)
		}
		s, err := newSite(Options{Log: log, Live: live.Options{Logger: slog.New(slog.DiscardHandler)}})
		if err != nil {
			t.Fatal(err)
		}
		post := func(text string) error {
			return s.postTo(t.Context(), "lobby", text)
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
		if page, err := log.Read(t.Context(), 1, 10, chat.Topic("lobby")); err != nil || len(page.Events) != 1 {
			t.Errorf("the room has %d events before the names are there, %v", len(page.Events), err)
		}
		log.open.Store(true)
		posting.Wait()
		if err := s.server.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		if page, err := log.Read(t.Context(), 1, 10, inbox.Topic("ann")); err != nil || len(page.Events) != 1 {
			t.Errorf("the mention is %d notices, %v", len(page.Events), err)
		}
	})
}
