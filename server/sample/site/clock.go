package site

import (
	"context"
	"time"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/vitals"
)

// eachSecond calls do once a second until ctx ends, with a timeout of a second.
// While the log is out of reach seconds are skipped: a late time is of no use.
func eachSecond(ctx context.Context, do func(ctx context.Context, now time.Time)) {
	every := time.NewTicker(time.Second)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-every.C:
			bounded, cancel := context.WithTimeout(ctx, time.Second)
			do(bounded, now)
			cancel()
		}
	}
}

// tick publishes the time. Only the newest is kept, so a page that opens gets
// one, not a day of them.
func (s *Site) tick(ctx context.Context, now time.Time) {
	t := vitals.Tick{
		Message: "Current time is " + now.UTC().Format("15:04:05") + " UTC",
		At:      now.UTC().Truncate(time.Millisecond),
	}
	if _, err := vitals.Ticked.Publish(ctx, s.log, vitals.ClockTopic, t, event.Latest()); err != nil {
		s.logger.Debug("the time was not published", "error", err)
	}
}
