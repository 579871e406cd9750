package live

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/shared/command"
)

var limited = command.Define[note, note]("live.limited")

func TestInvalidNamesTheFieldToTheCaller(t *testing.T) {
	s := newTest(t, Options{})
	Handle(s, limited, func(_ context.Context, n note) (note, error) {
		return n, Invalid("text", "a note has at most %d letters", 3)
	})
	r := httptest.NewRequest("POST", "/commands/live.limited", strings.NewReader(`{"text":"long"}`))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	want := `{"error":{"code":"invalid","message":"a note has at most 3 letters","field":"text"}}`
	if got := strings.TrimSpace(w.Body.String()); w.Code != http.StatusBadRequest || got != want {
		t.Errorf("answered with %d %s, want 400 %s", w.Code, got, want)
	}
}
