//go:build !js

package fault_test

import (
	"net/http/httptest"
	"testing"

	"github.com/seawaykit/seaway/shared/fault"
)

func TestRespondSendsStatusHeadersAndBody(t *testing.T) {
	for _, c := range []struct {
		err    *fault.Error
		status int
		retry  string
		body   string
	}{
		{fault.Field("text", "empty"), 400, "", `{"error":{"code":"invalid","message":"empty","field":"text"}}` + "\n"},
		{fault.New(fault.Unavailable, "soon"), 503, "1", `{"error":{"code":"unavailable","message":"soon","retry":true}}` + "\n"},
	} {
		w := httptest.NewRecorder()
		fault.Respond(w, c.err)
		if w.Code != c.status || w.Body.String() != c.body {
			t.Errorf("answered %d %q, want %d %q", w.Code, w.Body, c.status, c.body)
		}
		for name, want := range map[string]string{
			"Content-Type": "application/json", "Cache-Control": "no-store",
			"X-Content-Type-Options": "nosniff", "Retry-After": c.retry,
		} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s of a %d: got %q, want %q", name, c.status, got, want)
			}
		}
	}
}
