package site

import (
	"context"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/vitals"
)

// eachSecond calls do at each full second until ctx ends, with a timeout of a second.
// While the log is out of reach seconds are skipped: a late time is of no use.
func eachSecond(ctx context.Context, do func(ctx context.Context, now time.Time)) {
	next := time.NewTimer(untilSecond())
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-next.C:
			bounded, cancel := context.WithTimeout(ctx, time.Second)
			do(bounded, now)
			cancel()
			next.Reset(untilSecond())
		}
	}
}

// untilSecond returns how long it is until the next full second.
func untilSecond() time.Duration {
	now := time.Now()
	return time.Until(now.Truncate(time.Second).Add(time.Second))
}

// A clock publishes the time, and has the newest ticks of the log, on whichever node
// they were published.
type clock struct {
	log    event.Appender
	logger *slog.Logger

	mu      sync.Mutex
	known   bool   // the log's ticks have been read
	ticks   []tick // the oldest first
	changed chan struct{}
}

// A tick is one event of the clock, with the frame that all its streams send.
type tick struct {
	event.Of[vitals.Tick]
	frame []byte
}

// maxTicks are the ticks that the log retains.
const maxTicks = int(vitals.ClockWindow / time.Second)

func newClock(log event.Appender, logger *slog.Logger) *clock {
	return &clock{log: log, logger: logger, changed: make(chan struct{})}
}

// publish publishes the time, unless another node has done so in this second. Nodes that
// do so at the same moment store one event: the number is its key.
func (c *clock) publish(ctx context.Context, now time.Time) {
	next, key, ok := c.next(now)
	if !ok {
		return
	}
	keep, once := event.Expires(vitals.ClockWindow), event.Key(key)
	if _, err := vitals.Ticked.Publish(ctx, c.log, vitals.ClockTopic, next, keep, once); err != nil {
		c.logger.Debug("the time was not published", "error", err)
	}
}

// next returns the tick of the second, and its key.
func (c *clock) next(now time.Time) (next vitals.Tick, key string, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := now.UTC().Truncate(time.Second)
	next = vitals.Tick{Message: "Current time is " + at.Format("15:04:05") + " UTC", At: at, Number: 1}
	if len(c.ticks) == 0 { // the key of another run's first must not be this one's
		return next, "clock-1-" + strconv.FormatInt(at.Unix(), 10), c.known
	}
	last := c.ticks[len(c.ticks)-1].Value
	// A tick that is far ahead was published before the clock was set back.
	if ahead := last.At.Sub(at); ahead >= 0 && ahead < 2*time.Second {
		return next, "", false
	}
	next.Number = last.Number + 1
	return next, "clock-" + strconv.Itoa(next.Number), c.known
}

// subscription returns the subscription by which the clock has the log's ticks.
func (c *clock) subscription() sse.Subscription {
	return sse.Subscription{
		Topics: []string{vitals.ClockTopic}, Last: maxTicks,
		Begin:   func(string) { c.change(func() { c.ticks = nil }) },
		Events:  func(events []event.Event) { c.change(func() { c.add(events) }) },
		Current: func() { c.change(func() { c.known = true }) },
	}
}

// change changes the ticks and wakes the streams.
func (c *clock) change(do func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	do()
	close(c.changed)
	c.changed = make(chan struct{})
}

// add adds events, but for those that come again.
func (c *clock) add(events []event.Event) {
	for _, e := range events {
		of, err := vitals.Ticked.DecodeForm(e.Type(), e.Meta(), e.Data())
		n := len(c.ticks)
		if err != nil || n > 0 && of.ID.Seq() <= c.ticks[n-1].ID.Seq() {
			continue
		}
		c.ticks = append(c.ticks, tick{of, messageFrame(of)})
		c.ticks = c.ticks[max(0, len(c.ticks)-maxTicks):]
	}
}

// run publishes until ctx ends.
func (c *clock) run(ctx context.Context, subscribe func(context.Context, sse.Subscription)) {
	var reading sync.WaitGroup
	reading.Go(func() { subscribe(ctx, c.subscription()) })
	eachSecond(ctx, c.publish)
	reading.Wait()
}
