package site

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/shared/sample/vitals"
)

// However late a browser notices a cut, each of its streams is turned away once: that is
// what it is to be seen. After a minute none is.
func TestStreamThatComesBackLateIsTurnedAwayOnce(t *testing.T) {
	for name, c := range map[string]struct {
		streams int
		after   time.Duration
		want    []int
	}{
		"at once":           {1, 0, []int{503, 503, 503}},
		"late":              {1, 3 * vitals.CutTime, []int{503, 200, 200}},
		"two late":          {2, 3 * vitals.CutTime, []int{503, 503, 200}},
		"none was cut":      {0, vitals.CutTime, []int{200}},
		"after a long time": {1, lateTry, []int{200}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				all := newCutter()
				guarded := all.guard(http.NotFoundHandler(), func(r *http.Request) string { return r.Header.Get("Guest") })
				try := func(guest string) int {
					r := httptest.NewRequest("GET", "/events", nil)
					r.Header.Set("Guest", guest)
					w := httptest.NewRecorder()
					if guarded.ServeHTTP(w, r); w.Code == http.StatusNotFound {
						return http.StatusOK // the handler behind was asked
					}
					return w.Code
				}
				for range c.streams {
					defer all.connect(httptest.NewRequest("GET", "/events", nil), "ann", nil)()
				}
				if cut := all.cutOff("ann"); cut != c.streams {
					t.Errorf("it cuts %d", cut)
				}
				time.Sleep(c.after)
				for i, want := range c.want {
					if got := try("ann"); got != want {
						t.Errorf("try %d: %d, want %d", i+1, got, want)
					}
				}
				if got := try("bob"); got != 200 {
					t.Errorf("another guest: %d", got)
				}
			})
		})
	}
}
