package presence_test

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"net/http/httptest"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/live"
	presences "github.com/seawaykit/seaway/server/presence"
	"github.com/seawaykit/seaway/shared/presence"
)

type shown struct {
	Name string `json:"name"`
}

var people = presence.Define[shown]("served.here")

// newServer returns a server, and its address, on which bob may be banned from the board.
func newServer(t *testing.T, banned *atomic.Bool) (*live.Server, string) {
	t.Helper()
	srv, err := live.New(eventlog.NewMemory(eventlog.Retention{}), live.Options{
		Logger:   slog.New(slog.DiscardHandler),
		Identify: func(r *http.Request) (string, error) { return r.Header.Get("X-User"), nil },
		Follow: access.ByTopic(map[string]access.Rule{
			"clock": access.Everyone, "board.red": access.Allow(func(user, _ string) bool { return user == "ann" || !banned.Load() }),
			"**": nil,
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	presences.Serve(srv, people, access.Users, func(_ context.Context, user string) (shown, error) {
		return shown{strings.ToUpper(user)}, nil
	})
	server := httptest.NewServer(srv.Handler())
	t.Cleanup(func() {
		now, cutAll := context.WithCancel(context.Background())
		cutAll()
		srv.Shutdown(now)
		server.CloseClientConnections()
		server.Close()
	})
	return srv, server.URL
}

func get(t *testing.T, url, user string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-User", user)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	return resp
}

// untilRead waits until a user reads a list with a text.
func untilRead(t *testing.T, url, user, key, want string) {
	t.Helper()
	body := ""
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		resp := get(t, url+"/state?topic="+people.Topic(key), user)
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		if body = string(text); strings.Contains(body, want) {
			return
		}
	}
	t.Fatalf("%s: the list is %s, want %s", key, body, want)
}

// The list of the site has a rule of its own, and that of a topic has the topic's, also when
// the right is withdrawn.
func TestListsHaveTheRulesOfTheirTopics(t *testing.T) {
	var banned atomic.Bool
	srv, url := newServer(t, &banned)
	for _, c := range []struct {
		user, key string
		want      int
	}{
		{"", presence.Site, 401}, {"ann", presence.Site, 200},
		{"", "board.red", 401}, {"ann", "board.red", 200}, {"bob", "board.red", 200}, {"ann", "clock", 200},
		{"ann", "board.blue", 403}, {"ann", "seaway.revoked", 403},
	} {
		for _, path := range []string{"/state", "/poll"} {
			if resp := get(t, url+path+"?wait=0&topic="+people.Topic(c.key), c.user); resp.StatusCode != c.want {
				t.Errorf("%s of %s for %q: %d, want %d", path, c.key, c.user, resp.StatusCode, c.want)
			}
		}
	}
	if resp := get(t, url+"/poll?topic=seaway.presence.served.here", "ann"); resp.StatusCode != 403 {
		t.Errorf("what nodes report is answered with %d", resp.StatusCode)
	}

	get(t, url+"/events?topic="+people.Topic("board.red"), "ann")
	bob := get(t, url+"/events?topic="+people.Topic("board.red"), "bob")
	untilRead(t, url, "ann", "board.red", `"BOB"`)
	untilRead(t, url, "ann", presence.Site, `"ANN"`)
	banned.Store(true)
	if err := srv.Revoke(t.Context(), "bob", "board.*"); err != nil {
		t.Fatal(err)
	}
	ended := false
	for lines := bufio.NewScanner(bob.Body); lines.Scan(); {
		ended = ended || strings.Contains(lines.Text(), `"revoked"`)
	}
	if !ended {
		t.Error("the stream of the list has no bye")
	}
	if resp := get(t, url+"/state?topic="+people.Topic("board.red"), "bob"); resp.StatusCode != 403 {
		t.Errorf("the list is read with %d", resp.StatusCode)
	}
	untilRead(t, url, "ann", "board.red", `"total":1`)
}
