package site

import (
	"context"
	"sync"

	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/guest"
)

// presenceWindow is how many events about guests are read at the start: all reports
// that nodes publish in the lifetime of a report.
const presenceWindow = 1000

// presenceSubscription returns the subscription that folds node reports and presence
// from the log.
func (s *Site) presenceSubscription() sse.Subscription {
	epoch := ""
	known := sync.OnceFunc(func() { close(s.presenceRead) })
	return sse.Subscription{
		Last:   presenceWindow,
		Topics: []string{nodesTopic, guest.PresenceTopic},
		Begin: func(of string) {
			if of != epoch { // another log's events do not count
				epoch = of
				s.reports.clear()
			}
		},
		Events: func(events []event.Event) {
			for _, e := range events {
				s.applyPresenceEvent(e)
			}
			notify(s.local.changed)
		},
		Current: known,
	}
}

func (s *Site) applyPresenceEvent(e event.Event) {
	switch e.Topic() {
	case nodesTopic:
		s.reports.applyReport(e)
	case guest.PresenceTopic:
		s.reports.applyPresence(e)
	}
}

// namesSubscription returns the subscription by which a guest who is present has a new
// name at once.
func (s *Site) namesSubscription() sse.Subscription {
	return sse.Subscription{
		Topics: []string{namesTopic},
		Begin:  func(string) {}, Current: func() {},
		Events: func([]event.Event) { notify(s.local.changed) },
	}
}

// runPresence folds and publishes presence until ctx ends.
func (s *Site) runPresence(ctx context.Context) {
	var all sync.WaitGroup
	all.Go(func() { s.server.Subscribe(ctx, s.presenceSubscription()) })
	all.Go(func() { s.server.Subscribe(ctx, s.namesSubscription()) })
	all.Go(func() {
		p := &presence{node: s.opts.Node, log: s.log, logger: s.logger, names: s.names, reports: &s.reports, local: s.local}
		p.run(ctx, s.presenceRead)
	})
	all.Wait()
}
