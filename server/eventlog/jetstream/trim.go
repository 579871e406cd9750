package jetstream

import (
	"cmp"
	"context"
	"errors"
	"math"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

const (
	// trimEvery is how often a log that the kit trims is looked at.
	trimEvery = time.Second
	// trimPause lies between two looks, however often values are put.
	trimPause = 50 * time.Millisecond
	// lookEvery is how often another log is: a node may have stored a value that
	// holds events, and died.
	lookEvery = 10 * time.Second
	// trimSlack is the part of a bound, 2 percent, that a log may exceed before it is
	// trimmed: each trim costs three questions and a sync.
	trimSlack = 50
	// trimRounds bounds one trim. A round comes close in a log without holes.
	trimRounds = 32
)

// trimming is what a log knows of its trims.
type trimming struct {
	kicked chan struct{} // has room for one
	ended  sync.WaitGroup

	mu    sync.Mutex // held to trim
	holds holds
	begin begin
	behind
}

// kick makes the log look at once whether there is something to trim.
func (l *Log) kick() {
	select {
	case l.trimming.kicked <- struct{}{}:
	default:
	}
}

// keepTrimmed trims the log until it is closed.
func (l *Log) keepTrimmed() {
	for l.open.Err() == nil {
		ctx, cancel := context.WithTimeout(l.open, budget)
		if _, err := l.trim(ctx); err != nil && l.open.Err() == nil {
			l.o.Logger.Debug("the event log was not trimmed", "stream", l.o.Stream, "error", err)
		}
		cancel()
		wait(l.open, trimPause)
		every := lookEvery
		if l.held.Load() {
			every = trimEvery
		}
		timer := time.NewTimer(every)
		select {
		case <-l.open.Done():
		case <-timer.C:
		case <-l.trimming.kicked:
		}
		timer.Stop()
	}
}

// trim applies the retention to what no value holds, if the kit trims this log. It
// reports whether something was removed.
func (l *Log) trim(ctx context.Context) (removed bool, err error) {
	t := &l.trimming
	t.mu.Lock()
	defer t.mu.Unlock()
	info, err := l.events(ctx)
	if err != nil {
		return false, err
	}
	if !isHeld(info.Config) {
		if len(t.holds.all) > 0 {
			err = l.stayHeld(ctx)
		}
		return false, err
	}
	if !isSettled(info) {
		return false, errSettling
	}
	r, err := l.record(ctx)
	if err != nil {
		return false, err
	}
	if err := l.refresh(ctx, info); err != nil {
		return false, err
	}
	slack := int64(trimSlack)
	if r.Epoch != info.Config.Metadata[epochKey] {
		// The first trim, also of a log that has replaced another. What the
		// stream has removed by itself, or one of its replicas, counts as removed.
		r = trimRecord{seq: r.seq}
		slack = math.MaxInt64
	}
	for range trimRounds {
		done, err := l.trimOnce(ctx, info, &r, slack)
		if done || err != nil {
			return removed, err
		}
		removed = true
		if info, err = l.events(ctx); err != nil {
			return removed, err
		}
	}
	return removed, nil
}

// trimOnce does one round, of which there may be more to do unless it is done: how
// many numbers the events to be removed have is known only when they are.
func (l *Log) trimOnce(ctx context.Context, info *jetstream.StreamInfo, r *trimRecord, slack int64) (done bool, err error) {
	first := max(info.State.FirstSeq, 1)
	target, err := l.exceeding(ctx, info, slack)
	if err != nil {
		return false, err
	}
	upTo, err := l.allowed(ctx, target)
	if err != nil {
		return false, err
	}
	if upTo < target {
		l.trimming.warn(l, info)
	}
	if !r.isOf(info.Config) {
		upTo = max(upTo, first-1)
	} else if upTo < first {
		if events, bytes := l.o.Retention.Hard(); info.State.Msgs < uint64(events) && info.State.Bytes < uint64(bytes) {
			l.trimming.relax(l)
		}
		return true, nil
	}
	if err := l.promise(ctx, info, r, upTo); err != nil {
		return false, err
	}
	if upTo < first {
		return true, nil
	}
	if err := l.call(ctx, "PURGE", map[string]any{"seq": upTo + 1}); err != nil {
		return false, err
	}
	l.trimming.relax(l)
	return false, nil
}

var (
	errHeldMeanwhile = errors.New("a value has begun to hold events meanwhile")
	errOtherTrims    = errors.New("another node trims the event log")
)

// promise stores the record of a trim that is about to be done, also if one goes
// as far already: that may be about to be taken back. Values that hold events and were
// stored before the record are seen now, and those that are stored later see it.
func (l *Log) promise(ctx context.Context, info *jetstream.StreamInfo, r *trimRecord, upTo uint64) error {
	old := *r
	if err := l.storeRecord(ctx, info, r, max(upTo, old.UpTo)); err != nil {
		return err
	}
	err := l.refresh(ctx, info)
	if err != nil {
		return err
	}
	held, err := l.allowed(ctx, upTo)
	if err == nil && held < upTo && held+1 >= info.State.FirstSeq {
		// No further than it was: another node may be about to remove that much.
		err = cmp.Or(l.storeRecord(ctx, info, r, old.UpTo), errHeldMeanwhile)
	}
	return err
}

// allowed returns up to where the events may be removed, at most up to a number.
func (l *Log) allowed(ctx context.Context, upTo uint64) (uint64, error) {
	low, ok, err := l.lowest(ctx, upTo)
	if ok {
		l.trimming.note(low.name)
		upTo = low.upTo
	}
	return upTo, err
}

// exceeding returns up to where the retention removes events, 0 if it removes none.
// The first round counts numbers as if each had an event, and events as if all were
// twice the average size: it never removes more than the retention does, but of a
// log whose oldest events are larger than that.
func (l *Log) exceeding(ctx context.Context, info *jetstream.StreamInfo, slack int64) (upTo uint64, err error) {
	s, r := info.State, l.o.Retention
	if s.Msgs == 0 {
		return 0, nil
	}
	if over := int64(s.Msgs) - r.MaxEvents; over > r.MaxEvents/slack {
		upTo = s.FirstSeq + uint64(over) - 1
	}
	if over := int64(s.Bytes) - r.MaxBytes; over > r.MaxBytes/slack && s.Msgs > 1 {
		n := float64(over) / (2 * float64(s.Bytes)) * float64(s.Msgs)
		upTo = max(upTo, s.FirstSeq+uint64(max(n, 1))-1)
	}
	if age := info.TimeStamp.Sub(s.FirstTime) - r.MaxAge; age >= r.MaxAge/time.Duration(slack) {
		old, err := l.lastBefore(ctx, info.TimeStamp.Add(-r.MaxAge), s.LastSeq)
		if err != nil {
			return 0, err
		}
		upTo = max(upTo, old)
	}
	return min(upTo, s.LastSeq), nil
}

// lastBefore returns the number before the first message that is not older than a
// time, or last if there is none.
func (l *Log) lastBefore(ctx context.Context, t time.Time, last uint64) (uint64, error) {
	m, found, err := l.ask(ctx, messageGet{Since: &t, Next: l.o.Subject + ".>"})
	if err != nil || !found {
		return last, err
	}
	return m.Seq - 1, nil
}
