package live

import (
	"testing"
	"time"

	"github.com/seawaykit/seaway/app/source"
)

func TestStatusHasWordsForEachPhase(t *testing.T) {
	now := time.Unix(1e9, 0)
	reason := source.Reason{Text: "why"}
	for _, c := range []struct {
		state source.State
		mute  bool
		want  string
	}{
		{source.State{Phase: source.Idle}, false, "connecting"},
		{source.State{Phase: source.Connecting}, true, "connecting"},
		{source.State{Phase: source.Live}, false, "live"},
		{source.State{Phase: source.Live}, true, "live, by polling: this browser has no EventSource"},
		{source.State{Phase: source.Stale, Reason: reason}, false, "not live: checking the connection"},
		{source.State{Phase: source.Waiting, Until: now.Add(2100 * time.Millisecond)}, false, "reconnecting in 3 s"},
		{source.State{Phase: source.Waiting, Until: now.Add(-time.Second)}, false, "reconnecting in 1 s"},
		{source.State{Phase: source.Offline, Reason: reason}, false, "offline: waiting for a network"},
		{source.State{Phase: source.Refused, Reason: reason}, false, "refused: why"},
		{source.State{Phase: source.Incompatible, Reason: reason}, false, "out of date: why"},
		{source.State{Phase: source.Closed, Reason: reason}, false, "closed: why"},
	} {
		if got := statusText(c.state, c.mute, now); got != c.want {
			t.Errorf("%s: %q, want %q", c.state.Phase, got, c.want)
		}
	}
}
