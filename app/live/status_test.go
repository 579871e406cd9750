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
		lacks lacks
		want  string
	}{
		{source.State{Phase: source.Idle}, lacks{}, "connecting"},
		{source.State{Phase: source.Connecting}, lacks{eventSource: true}, "connecting"},
		{source.State{Phase: source.Live}, lacks{}, "live"},
		{source.State{Phase: source.Live}, lacks{eventSource: true}, "live, by polling: this browser has no EventSource"},
		{source.State{Phase: source.Live}, lacks{storage: true}, "live, but this browser keeps no drafts"},
		{source.State{Phase: source.Stale, Reason: reason}, lacks{}, "not live: checking the connection"},
		{source.State{Phase: source.Waiting, Until: now.Add(2100 * time.Millisecond)}, lacks{}, "reconnecting in 3 s"},
		{source.State{Phase: source.Waiting, Until: now.Add(-time.Second)}, lacks{}, "reconnecting in 1 s"},
		{source.State{Phase: source.Offline, Reason: reason}, lacks{}, "offline: waiting for a network"},
		{source.State{Phase: source.Refused, Reason: reason}, lacks{}, "refused: why"},
		{source.State{Phase: source.Incompatible, Reason: reason}, lacks{}, "out of date: why"},
		{source.State{Phase: source.Closed, Reason: reason}, lacks{}, "closed: why"},
		{source.State{Phase: source.Closed}, lacks{}, "closed"},
	} {
		if got := English.status(c.state, c.lacks, now); got != c.want {
			t.Errorf("%s: %q, want %q", c.state.Phase, got, c.want)
		}
	}
}
