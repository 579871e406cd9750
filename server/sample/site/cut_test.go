package site_test

import (
	"io"
	"net/http/httptest"
	"testing"

	"github.com/seawaykit/seaway/server/sample/transports"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/sample/vitals"
)

// newCutRig is a rig whose server knows its connections, as the program's does.
func newCutRig(t *testing.T) *rig {
	t.Helper()
	r := newRig(t)
	r.server.Close()
	r.server = httptest.NewUnstartedServer(r.site.Handler())
	r.server.Config.ConnContext = transports.ConnContext
	r.server.Start()
	r.url = r.server.URL
	return r
}

// The server cuts a guest's own streams and no other's, turns the guest away for a
// moment, and lets the guest in again.
func TestCutEndsTheCallersStreamsAndTurnsThemAwayForAMoment(t *testing.T) {
	r := newCutRig(t)
	ann, bob := r.newGuest(), r.newGuest()
	mine, other := ann.open("clock"), bob.open("clock")
	mine.next("hello")
	other.next("hello")
	if got := call(ann, vitals.Cut, vitals.CutRequest{}, ""); got.Cut != 1 {
		t.Errorf("the server cuts %d streams, want 1", got.Cut)
	}
	if rest, err := io.ReadAll(mine.frames); err == nil {
		t.Errorf("the stream has ended by itself, with %q", rest)
	}
	if resp, _ := ann.get("/poll?topic=clock"); resp.StatusCode != 503 || resp.Header.Get("Retry-After") != "1" {
		t.Errorf("right after the cut: %d, %v", resp.StatusCode, resp.Header)
	}
	if resp, _ := bob.get("/poll?topic=clock"); resp.StatusCode != 200 {
		t.Errorf("another guest is turned away: %d", resp.StatusCode)
	}
	other.next("clock.ticked")
	other.next("clock.ticked")
	until(t, "the guest is let in again", func() bool {
		resp, _ := ann.get("/poll?topic=clock")
		return resp.StatusCode == 200
	})
	if got := call(ann, vitals.Cut, vitals.CutRequest{}, ""); got.Cut != 0 {
		t.Errorf("without a stream the server cuts %d", got.Cut)
	}
	if _, refused, status := send(r.program(), vitals.Cut, vitals.CutRequest{}, ""); status != 401 || refused.Code != fault.Unauthenticated {
		t.Errorf("a program without a cookie: %d, %+v", status, refused)
	}
}
