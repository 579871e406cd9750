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

// An unhealthyError is why the server does not store anything. It is an
// [eventlog.ErrFull], whatever the cause: nothing is stored, and waiting does
// not help until an operator has seen to the disk.
type unhealthyError struct{ cause error }

// Error names the cause.
func (s *unhealthyError) Error() string { return eventlog.ErrFull.Error() + ": " + s.cause.Error() }

// Unwrap returns [eventlog.ErrFull].
func (s *unhealthyError) Unwrap() error { return eventlog.ErrFull }

// Health returns nil when the log is healthy, and otherwise an
// [eventlog.ErrFull] with its cause, [eventlog.ErrHeld] among them: the log can be
// read, but nothing can be appended.
func (l *Log) Health() error {
	if err := l.unhealthy.Load(); err != nil {
		return err
	}
	return l.inner.Health()
}

// watchHealth checks the server's health until ctx ends, and restarts it after
// a failure.
func (l *Log) watchHealth(ctx context.Context) {
	tick := time.NewTicker(l.o.healthEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if l.diagnose() != nil && ctx.Err() == nil {
			l.restart(ctx)
		}
	}
}

// diagnoseAppend is diagnose when an append got no answer. Events to be stored as one
// are first collected in files of their own: if they could not be, and there is hardly
// any room, the disk is full, although the server is healthy.
func (l *Log) diagnoseAppend(uncollected bool) error {
	if err := l.diagnose(); err != nil || !uncollected {
		return err
	}
	if _, free, known := diskSpace(l.o.Dir); known && free < probeSize {
		return l.setUnhealthy(errNoRoom)
	}
	return nil
}

var errNoRoom = fmt.Errorf("there is no room for %d bytes", probeSize)

// diagnose checks the server's health, also when an append got no answer: a
// write error persists until a restart, and is not reported.
func (l *Log) diagnose() error {
	if err := l.unhealthy.Load(); err != nil {
		return err
	}
	cause := l.engine.health()
	if cause == nil || errors.Is(cause, errStopped) {
		return nil // a server that is being started again: appends wait for it
	}
	return l.setUnhealthy(cause)
}

// setUnhealthy stores and logs why nothing can be stored.
func (l *Log) setUnhealthy(cause error) error {
	err := &unhealthyError{cause}
	if l.unhealthy.CompareAndSwap(nil, err) {
		l.o.Logger.Error("the event log cannot be written: make room on its disk", "dir", l.o.Dir, "error", cause)
	}
	return err
}

// restartTime bounds a restart of the server, during which there are no reads.
const restartTime = 30 * time.Second

// restart restarts the server if there is room. Nothing else makes it write
// again after a write error.
func (l *Log) restart(ctx context.Context) {
	if err := probe(l.o.Dir); err != nil {
		l.o.Logger.Debug("the event log's disk is still full", "error", err)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, restartTime)
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
	l.unhealthy.Store(nil)
	l.o.Logger.Info("the event log can be written again", "dir", l.o.Dir)
}

// probeSize is the free space that a restart of the server needs: enough for
// some hundred events, and for the files it writes when it starts.
const probeSize = 1 << 20

// probe writes that much and removes it again. The free space that a file
// system reports does not include a user's quota.
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
