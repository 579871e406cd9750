package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
)

// A sickness is why the server does not store anything. It is an
// [eventlog.ErrFull], whatever the cause: in all cases nothing is stored, and
// waiting does not help until somebody has seen to the disk.
type sickness struct{ cause error }

// Error names the cause.
func (s *sickness) Error() string { return eventlog.ErrFull.Error() + ": " + s.cause.Error() }

// Unwrap returns [eventlog.ErrFull].
func (s *sickness) Unwrap() error { return eventlog.ErrFull }

// Health returns nil when the log is well, and otherwise an [eventlog.ErrFull]
// with its cause: the log can be read, but nothing can be appended.
func (l *Log) Health() error {
	if sick := l.sick.Load(); sick != nil {
		return sick
	}
	return nil
}

// watch looks after the server until ctx ends.
func (l *Log) watch(ctx context.Context) {
	tick := time.NewTicker(l.o.healthEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if l.diagnose() != nil && ctx.Err() == nil {
			l.mend(ctx)
		}
	}
}

// diagnose asks the server whether it is well. It is also asked when an append
// got no answer: a write error is sticky, and silent.
func (l *Log) diagnose() error {
	if sick := l.sick.Load(); sick != nil {
		return sick
	}
	cause := l.engine.health()
	if cause == nil {
		return nil
	}
	return l.fail(cause)
}

// fail takes note of why nothing can be stored.
func (l *Log) fail(cause error) error {
	sick := &sickness{cause}
	if l.sick.CompareAndSwap(nil, sick) {
		l.o.Logger.Error("the event log cannot be written: make room on its disk", "dir", l.o.Dir, "error", cause)
	}
	return sick
}

// mendTime bounds the restart of a server, during which there are no reads.
const mendTime = 30 * time.Second

// mend starts the server again if there is room. Nothing else makes it write
// again after a write error.
func (l *Log) mend(ctx context.Context) {
	if err := probe(l.o.Dir); err != nil {
		l.o.Logger.Debug("the event log's disk is still without room", "error", err)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, mendTime)
	defer cancel()
	l.engine.stop()
	err := l.begin(ctx)
	if err == nil {
		err = l.engine.health()
	}
	if err != nil {
		l.o.Logger.Error("the event log's server did not start again", "error", err)
		return
	}
	l.sick.Store(nil)
	l.o.Logger.Info("the event log can be written again", "dir", l.o.Dir)
}

// probeSize is the room that must be there before the server is started again:
// enough for some hundred events, and for the files it writes when it starts.
const probeSize = 1 << 20

// probe writes that much and takes it away again. What a file system says of
// its free space does not count a user's quota.
func probe(dir string) error {
	path := filepath.Join(dir, "PROBE")
	defer os.Remove(path)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, probeSize))
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("no room for %d bytes: %w", probeSize, err)
	}
	return nil
}
