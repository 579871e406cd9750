package jetstream

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/seawaykit/seaway/server/eventlog"
)

// behind knows whether the values that hold events are so far behind that the log
// has grown to its hard limit, or is on its way.
type behind struct {
	state  sync.Mutex
	lowest string // the name of the value that holds the most
	err    error  // that the last append was refused with
	warned bool
}

// warnAt is the part of the hard limit from which on it is logged that values are
// behind: half.
const warnAt = 2

// note takes the name of the value that holds the most.
func (b *behind) note(lowest string) {
	b.state.Lock()
	defer b.state.Unlock()
	b.lowest = lowest
}

// warn logs once that values are behind, if the log has grown beyond a part of its
// hard limit.
func (b *behind) warn(l *Log, info *jetstream.StreamInfo) {
	events, bytes := l.o.Retention.Hard()
	if info.State.Msgs < uint64(events/warnAt) && info.State.Bytes < uint64(bytes/warnAt) {
		return
	}
	b.state.Lock()
	defer b.state.Unlock()
	if !b.warned {
		b.warned = true
		l.o.Logger.Warn("the event log grows: a value that holds its events is behind",
			"stream", l.o.Stream, "value", b.lowest, "events", info.State.Msgs, "bytes", info.State.Bytes)
	}
}

// refuse takes the error of an append, and logs once that values are behind.
func (b *behind) refuse(l *Log, err error) {
	b.state.Lock()
	defer b.state.Unlock()
	if b.err == nil {
		l.o.Logger.Error("the event log is at its hard limit and refuses events: a value that holds them is behind",
			"stream", l.o.Stream, "value", b.lowest)
	}
	b.err, b.warned = fmt.Errorf("%w: the value %q holds them", err, b.lowest), true
}

// relax takes note that there is room.
func (b *behind) relax(l *Log) {
	b.state.Lock()
	defer b.state.Unlock()
	if b.err != nil {
		l.o.Logger.Info("the event log has room again: the values have moved on", "stream", l.o.Stream)
	}
	b.err, b.warned = nil, false
}

func (b *behind) health() error {
	b.state.Lock()
	defer b.state.Unlock()
	return b.err
}

// persistHeld is persistIn, which makes room if the log is at its hard limit and the
// values have moved on. If a trim finds nothing to remove it is tried once more, since
// another may just have removed it.
func (l *Log) persistHeld(ctx context.Context, try attempt) (a pubAck, gens eventlog.Generations, err error) {
	for vain := 0; ; {
		a, gens, err = l.persistIn(ctx, try)
		if !errors.Is(err, eventlog.ErrHeld) {
			return a, gens, err
		}
		removed, trimErr := l.trim(ctx)
		switch {
		case trimErr != nil && wait(ctx, againPause), removed:
			continue
		case vain > 0 || trimErr != nil:
			l.trimming.refuse(l, err)
			return a, gens, err
		}
		vain++
	}
}
