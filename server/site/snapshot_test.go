package site

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/app/page"
	"github.com/seawaykit/seaway/server/eventlog"
)

// A page's charts begin with the node that has drawn it.
func TestASnapshotHasItsOwnNodesVitalSigns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := eventlog.NewMemory(eventlog.Retention{})
		a, b := startNode(t, log, "a"), startNode(t, log, "b")
		ctx, stop := context.WithCancel(t.Context())
		var both sync.WaitGroup
		both.Go(func() { a.site.beat(ctx) })
		both.Go(func() { b.site.beat(ctx) })
		after(6 * time.Minute)
		for _, n := range []*node{a, b} {
			samples := n.site.snapshot().Samples
			for _, e := range samples {
				if e.Value.Node != n.site.opts.Node {
					t.Errorf("a page of %s shows a sample of %q", n.site.opts.Node, e.Value.Node)
				}
			}
			if n := len(samples); n < page.LastSamples-1 || n > page.LastSamples {
				t.Errorf("a page shows %d samples", n)
			}
		}
		stop()
		both.Wait()
	})
}
