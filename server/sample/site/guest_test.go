package site

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/live"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/sample/inbox"
)

// A lateLog delivers what it stores a second later.
type lateLog struct{ eventlog.Log }

func (l lateLog) Tail(ctx context.Context, from uint64, fn func([]event.Event, error)) error {
	return l.Log.Tail(ctx, from, func(batch []event.Event, err error) {
		time.Sleep(time.Second) // the bubble's
		fn(batch, err)
	})
}

// A guest who sees the new name can use it.
func TestRenameIsKnownWhenItReturns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := eventlog.NewMemory(eventlog.Retention{})
		s, err := newSite(Options{Log: lateLog{log}, Live: live.Options{Logger: slog.New(slog.DiscardHandler)}})
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		ann, err := s.createGuest(w, httptest.NewRequest("GET", "/", nil))
		if err != nil {
			t.Fatal(err)
		}
		cookie := w.Result().Cookies()[0]
		call := func(command, body string) string {
			r := httptest.NewRequestWithContext(t.Context(), "POST", "/commands/"+command, strings.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			r.AddCookie(cookie)
			w := httptest.NewRecorder()
			s.server.Handler().ServeHTTP(w, r)
			if w.Code != http.StatusOK {
				t.Errorf("%s is answered %d %s", command, w.Code, w.Body)
			}
			return w.Body.String()
		}
		call("guest.rename", `{"name":"Ann"}`)
		if got := call("guest.whoami", "{}"); !strings.Contains(got, `"Ann"`) {
			t.Errorf("she is %s", got)
		}
		call("guest.rename", `{"name":"Anna"}`)
		call("chat.post", `{"room":"lobby","text":"without a name of its own"}`)
		if err := s.postTo(t.Context(), "lobby", "where is @anna?"); err != nil {
			t.Error(err)
		}
		if page, err := log.Read(t.Context(), 0, 10, chat.Topic("lobby")); err != nil || len(page.Events) != 2 || !strings.Contains(string(page.Events[0].Data()), `"author":"Anna"`) {
			t.Errorf("the room has %v, %v", page.Events, err)
		}
		if page, err := log.Read(t.Context(), 0, 10, inbox.Topic(ann)); err != nil || len(page.Events) != 1 {
			t.Errorf("the mention is %d notices, %v", len(page.Events), err)
		}
		if err := s.server.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// Characters that turn text round or hide it are in no name, wherever it is chosen.
func TestNamesHoldNoInvisibleCharacters(t *testing.T) {
	for _, name := range []string{"\u202egnp.exe", "a\u2066b", "a\u200bb", "soft\u00adhyphen", "a\u2028b", "\ufeffann", "a\U000e0041b"} {
		for _, field := range []string{"name", "author"} {
			var refused *fault.Error
			if err := guest.CheckName(field, name); !errors.As(err, &refused) || refused.Field != field || !strings.Contains(refused.Message, "invisible") {
				t.Errorf("%q as %s: %v", name, field, err)
			}
		}
	}
	for _, name := range []string{"Ann Lindqvist", "نورا", "李雷", "O'Neill & <b>", "Zoë \U0001F6A2"} {
		if err := guest.CheckName("name", name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}
