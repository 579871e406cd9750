package transports

import (
	"context"
	"crypto/rand"
	"strconv"
	"time"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
	contract "github.com/seawaykit/seaway/shared/sample/transports"
)

const (
	// every is the time between two pulses: often enough for a median in
	// seconds, and no load to speak of, though each is written to the disk.
	every = 250 * time.Millisecond
	// publishTime bounds one: late is as good as lost.
	publishTime = time.Second
)

// Run publishes pulses while a lane is open, until ctx ends. In between it does
// nothing at all.
func (l *Lanes) Run(ctx context.Context) {
	p := contract.Pulse{From: rand.Text()}
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.woke:
		}
		l.pulse(ctx, &p)
	}
}

// pulse publishes for as long as somebody watches.
func (l *Lanes) pulse(ctx context.Context, p *contract.Pulse) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for l.Watched() {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			l.publish(ctx, p, now)
		}
	}
}

// publish gives out the next number only if the last is stored: a page takes a
// number that is missing for a loss. One whose storing nobody knows of is tried
// again under its key.
func (l *Lanes) publish(ctx context.Context, p *contract.Pulse, now time.Time) {
	ctx, cancel := context.WithTimeout(ctx, publishTime)
	defer cancel()
	next := contract.Pulse{From: p.From, N: p.N + 1, At: now.UTC().Truncate(time.Microsecond)}
	key := event.Key("pulse-" + next.From + "-" + strconv.Itoa(next.N))
	if _, err := contract.Pulsed.Publish(ctx, l.opts.Log, contract.Topic, next, key, event.Expires(contract.Kept)); err != nil {
		l.opts.Logger.Debug("a pulse was not published", "err", err)
		return
	}
	*p = next
}

// Handle registers the page's commands.
func (l *Lanes) Handle(m *command.Mux) {
	command.Handle(m, contract.CountLanes, l.Counts)
	command.Handle(m, contract.Drop, l.Drop)
	command.Handle(m, contract.Reply, func(_ context.Context, e contract.Echo) (contract.Echo, error) { return e, nil })
}
