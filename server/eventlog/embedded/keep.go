package embedded

import (
	"context"
	"maps"
	"slices"
	"time"
)

const (
	// linkEvery is how often new blocks get their second name.
	linkEvery = time.Second
	// noteEvery is how often the record learns how far the log has come: a loss of
	// more than its last seconds is noticed after a crash.
	noteEvery = 10 * time.Second
)

// keep updates the second names, and the record of what they are of, until ctx
// ends. The record comes first when blocks go, and last when they come: what it
// names has a name or a second one, unless both were removed by hand.
func (l *Log) keep(ctx context.Context) {
	tick := time.NewTicker(linkEvery)
	defer tick.Stop()
	k := keeping{log: l}
	if held, err := readRecord(l.o.Dir); err == nil {
		k.noted = held.Last
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := k.step(ctx); err != nil && ctx.Err() == nil {
				l.o.Logger.Debug("the files of the event log could not be noted", "error", err)
			}
		}
	}
}

// keeping is the state of keep.
type keeping struct {
	log   *Log
	names []string  // of the blocks, as recorded
	seen  uint64    // the newest number at the last look: it is on the disk by now
	noted uint64    // the number in the record
	due   time.Time // of the next look
}

func (k *keeping) step(ctx context.Context) error {
	last, err := k.look(ctx)
	if err != nil {
		return err
	}
	l := k.log
	l.filing.Lock()
	defer l.filing.Unlock()
	if err := l.links.add(); err != nil {
		return err
	}
	now, err := recordOf(l.files)
	if err != nil || len(now.Blocks) == 0 {
		return err
	}
	if names := slices.Sorted(maps.Keys(now.Blocks)); last != k.noted || !slices.Equal(names, k.names) {
		if err := l.note(last); err != nil {
			return err
		}
		k.names, k.noted = names, last
	}
	return l.links.prune()
}

// look returns the number up to which all is on the disk, as far as is known.
func (k *keeping) look(ctx context.Context) (uint64, error) {
	if time.Now().Before(k.due) {
		return k.noted, nil
	}
	ctx, cancel := context.WithTimeout(ctx, linkEvery)
	defer cancel()
	state, err := k.log.inner.State(ctx)
	if err != nil {
		return 0, err
	}
	last := max(k.seen, k.noted)
	k.seen, k.due = state.Last, time.Now().Add(noteEvery)
	return last, nil
}
