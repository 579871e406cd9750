package site

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
)

// The signature expires with the cookie: a client that keeps one for longer than
// browsers do has no identity.
func TestCookieIsAnIdentityForAYear(t *testing.T) {
	const day = 24 * time.Hour
	synctest.Test(t, func(t *testing.T) {
		s, err := newSite(Options{Log: eventlog.NewMemory(eventlog.Retention{})})
		if err != nil {
			t.Fatal(err)
		}
		w, r := httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil)
		guest, err := s.createGuest(w, r)
		if err != nil {
			t.Fatal(err)
		}
		r.AddCookie(w.Result().Cookies()[0])
		for _, c := range []struct {
			passes time.Duration
			want   string
		}{{0, guest}, {364 * day, guest}, {2 * day, ""}} {
			time.Sleep(c.passes) // the bubble's
			if got, err := s.sessions.Identify(r); got != c.want || err != nil {
				t.Errorf("%v later the caller is taken for %q, want %q (%v)", c.passes, got, c.want, err)
			}
		}
	})
}

// An error page creates no guest.
func TestErrorPageMakesNoGuest(t *testing.T) {
	s, err := newSite(Options{Log: eventlog.NewMemory(eventlog.Retention{})})
	if err != nil {
		t.Fatal(err)
	}
	for status, want := range map[int]bool{http.StatusOK: true, http.StatusNotFound: false, http.StatusInternalServerError: false} {
		w := httptest.NewRecorder()
		s.setGuestCookies(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(status)
			_, _ = w.Write([]byte("<p>"))
		})).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		if got := len(w.Result().Cookies()) == 1; got != want {
			t.Errorf("status %d: a cookie is set: %v, want %v", status, got, want)
		}
	}
}
