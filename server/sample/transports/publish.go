package transports

import (
	"context"
	"crypto/rand"
	"strconv"
	"time"

	"github.com/seawaykit/seaway/server/live"
	"github.com/seawaykit/seaway/shared/event"
	contract "github.com/seawaykit/seaway/shared/sample/transports"
)

const (
	// every is the time between two sample events: often enough for a median in
	// seconds, and little load, though each is written to the disk.
	every = 250 * time.Millisecond
	// publishTime is the timeout of one: a late sample counts as lost.
	publishTime = time.Second
)

// Run publishes sample events while a transport is open, until ctx ends. In
// between it does nothing.
func (m *Meter) Run(ctx context.Context) {
	p := contract.Message{From: rand.Text()}
	for {
		select {
		case <-ctx.Done():
			return
		case <-m.opened:
		}
		m.publishSamples(ctx, &p)
	}
}

// publishSamples publishes for as long as a transport is open.
func (m *Meter) publishSamples(ctx context.Context, p *contract.Message) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for m.Watched() {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			m.publish(ctx, p, now)
		}
	}
}

// publish uses the next number only if the last one is stored: a page counts a
// missing number as a loss. A sample whose append has an unknown outcome is
// retried under its key.
func (m *Meter) publish(ctx context.Context, p *contract.Message, now time.Time) {
	ctx, cancel := context.WithTimeout(ctx, publishTime)
	defer cancel()
	next := contract.Message{From: p.From, N: p.N + 1, At: now.UTC().Truncate(time.Microsecond)}
	key := event.Key("pulse-" + next.From + "-" + strconv.Itoa(next.N))
	if _, err := contract.Sent.Publish(ctx, m.opts.Log, contract.Topic, next, key, event.Expires(contract.Retention)); err != nil {
		m.opts.Logger.Debug("a sample event was not published", "error", err)
		return
	}
	*p = next
}

// Handle registers the page's commands.
func (m *Meter) Handle(srv *live.Server) {
	live.Handle(srv, contract.GetUsage, m.Counts)
	live.Handle(srv, contract.Drop, m.Drop)
	live.Handle(srv, contract.Reply, func(_ context.Context, e contract.Echo) (contract.Echo, error) { return e, nil })
}
