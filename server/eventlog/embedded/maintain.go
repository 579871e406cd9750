package embedded

import (
	"context"
	"maps"
	"slices"
	"time"
)

const (
	// linkEvery is how often new blocks are linked.
	linkEvery = time.Second
	// noteEvery is how often the record gets the log's newest number: a loss of
	// more than the last seconds is detected after a crash.
	noteEvery = 10 * time.Second
)

// maintain updates the links, and the record of the blocks, until ctx ends. The
// record is written before links are removed and after links are added: a block
// in it has its name or a link, unless both were removed by hand.
func (l *Log) maintain(ctx context.Context) {
	tick := time.NewTicker(linkEvery)
	defer tick.Stop()
	k := maintenance{log: l}
	if held, err := readRecord(l.o.Dir); err == nil {
		k.noted = reach{held.Last, held.Values}
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := k.step(ctx); err != nil && ctx.Err() == nil {
				l.o.Logger.Debug("the files of the event log could not be recorded", "error", err)
			}
		}
	}
}

// A reach is how far a log goes: the numbers of the newest event and of the newest
// message about values.
type reach struct{ events, values uint64 }

// maintenance is the state of maintain.
type maintenance struct {
	log   *Log
	names []string  // of the blocks, as recorded
	seen  reach     // the newest numbers at the last check: they are on the disk by now
	noted reach     // the numbers in the record
	due   time.Time // of the next check
}

func (k *maintenance) step(ctx context.Context) error {
	last, err := k.syncedUpTo(ctx)
	if err != nil {
		return err
	}
	l := k.log
	stale, err := l.links.stale()
	if err != nil {
		return err
	}
	if err := l.linkDurable(ctx); err != nil {
		return err
	}
	l.filesMu.Lock()
	defer l.filesMu.Unlock()
	now, err := recordOf(l.files)
	if err != nil || len(now.Blocks) == 0 {
		return err
	}
	if names := slices.Sorted(maps.Keys(now.Blocks)); last != k.noted || !slices.Equal(names, k.names) {
		if err := l.writeRecord(last); err != nil {
			return err
		}
		k.names, k.noted = names, last
	}
	return l.links.prune(stale)
}

// linkDurable links all blocks. What a block that is gone held, and others hold instead,
// is durable when it returns: only then may the link of that block go.
func (l *Log) linkDurable(ctx context.Context) error {
	if c := l.commits.Load(); c != nil {
		return c.commitAll(ctx)
	}
	l.filesMu.Lock()
	defer l.filesMu.Unlock()
	return l.links.add()
}

// syncedUpTo returns the numbers up to which all events and values are on the disk,
// as far as is known.
func (k *maintenance) syncedUpTo(ctx context.Context) (reach, error) {
	if time.Now().Before(k.due) {
		return k.noted, nil
	}
	ctx, cancel := context.WithTimeout(ctx, linkEvery)
	defer cancel()
	now, err := k.log.reach(ctx)
	if err != nil {
		return reach{}, err
	}
	last := reach{max(k.seen.events, k.noted.events), max(k.seen.values, k.noted.values)}
	k.seen, k.due = now, time.Now().Add(noteEvery)
	return last, nil
}
