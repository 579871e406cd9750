package session_test

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/live"
	"github.com/seawaykit/seaway/server/session"
)

// newNode returns the sessions of one of the nodes of a log.
func newNode(t *testing.T, log eventlog.Log) *session.Sessions {
	t.Helper()
	s := newSessions(t, session.Options{})
	srv, err := live.New(log, live.Options{Identify: s.Identify, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	s.Keep(log, live.Serve(srv, session.Users, nil), srv.Revoke)
	httpServer := httptest.NewServer(srv.Handler())
	t.Cleanup(func() {
		now, cutAll := context.WithCancel(context.Background())
		cutAll()
		srv.Shutdown(now)
		httpServer.Close()
	})
	return s
}

func TestSignOutEverywhereEndsEarlierSessionsOnAllNodes(t *testing.T) {
	log := eventlog.NewMemory(eventlog.Retention{})
	a, b := newNode(t, log), newNode(t, log)
	ann, bob := pair(signIn(t, a, false, "ann@example.com")), pair(signIn(t, a, false, "bob"))
	checkUser(t, "on the other node", b, request(false, ann), "ann@example.com")
	if err := a.SignOutEverywhere(t.Context(), "ann@example.com"); err != nil {
		t.Fatal(err)
	}
	checkUser(t, "at once on the same node", a, request(false, ann), "")
	deadline := time.Now().Add(2 * time.Minute)
	for tick := time.NewTicker(time.Millisecond); ; <-tick.C {
		if user, err := b.Identify(request(false, ann)); user == "" && err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the other node knows the session for 2 min")
		}
	}
	checkUser(t, "another user's", b, request(false, bob), "bob")
	again := pair(signIn(t, b, false, "ann@example.com"))
	checkUser(t, "a new session", a, request(false, again), "ann@example.com")
	checkUser(t, "a new one after an old one", a, request(false, ann+"; "+again), "ann@example.com")
}

func TestSignOutEverywhereNeedsKeep(t *testing.T) {
	s := newSessions(t, session.Options{})
	for _, user := range []string{"", "ann"} {
		if err := s.SignOutEverywhere(t.Context(), user); err == nil {
			t.Errorf("%q: it reports no error", user)
		}
	}
}
