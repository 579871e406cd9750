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

// linkEvery is how often new blocks get their second name.
const linkEvery = time.Second

// guard makes sure of the files before the server starts, and returns the number
// of the log's newest event: the server is to find at least that.
func (l *Log) guard() (newest uint64, err error) {
	closed, err := readSeal(l.o.Dir)
	if err != nil {
		return 0, fmt.Errorf("%w: %w; nothing was changed", ErrDamaged, err)
	}
	if closed == nil && l.marker.Stream {
		if err := l.afterCrash(); err != nil {
			return 0, fmt.Errorf("%w: %w", ErrDamaged, err)
		}
	}
	found, err := l.files.check(closed, l.marker.Stream)
	if err != nil {
		return 0, err
	}
	if err := l.decide(found); err != nil {
		return 0, err
	}
	for _, d := range found.torn {
		l.o.Logger.Info("the last record of the event log was cut off by a crash, before its append was acknowledged", "file", d.path)
	}
	if err := l.files.setAside(len(found.damages) > 0); err != nil {
		return 0, err
	}
	l.link()
	return found.newest, breakSeal(l.o.Dir)
}

// decide returns the error of a log that is damaged, or drops what is damaged if
// the options say so.
func (l *Log) decide(found findings) error {
	if err := found.err(); err == nil || !l.o.UnsafeDropDamaged {
		return err
	}
	if err := l.drop(found); err != nil {
		return err
	}
	// No position from before may be resumed from: what comes after it is not
	// whole.
	return notMissing(os.Remove(filepath.Join(l.o.Dir, generationsName)))
}

// afterCrash gives blocks that are missing their name again.
func (l *Log) afterCrash() error {
	l.o.Logger.Info("the event log was not closed: its index is made anew from the events", "dir", l.o.Dir)
	missing, err := l.links.putBack(false)
	for _, b := range missing {
		l.o.Logger.Info("a block of the event log that had lost its name after a crash was put back", "file", b.path)
	}
	return err
}

// link updates the second names. A file system without hard links, or a full
// one, goes without: they are a second guard, behind the check.
func (l *Log) link() {
	if err := l.links.update(); err != nil {
		l.o.Logger.Debug("blocks of the event log have no second name", "error", err)
	}
}

// confirm checks that the server has found the events that the files hold.
func (l *Log) confirm(s eventlog.State, newest uint64) error {
	if s.Last < newest {
		return fmt.Errorf("%w: they hold events up to number %d, and the server has found them up to %d only; they are as they were",
			ErrDamaged, newest, s.Last)
	}
	return nil
}

// markStream takes note that the stream is there: from now on it is never new.
func (l *Log) markStream() error {
	if l.marker.Stream {
		return nil
	}
	l.marker.Stream = true
	return writeMarker(l.o.Dir, l.marker)
}

// undo gives all blocks back what they were before a start that failed: the
// server removes a stream that it cannot set up.
func (l *Log) undo(cause error) error {
	l.engine.stop()
	_, err := l.links.putBack(true)
	return errors.Join(cause, err)
}

// keepLinks updates the second names until ctx ends.
func (l *Log) keepLinks(ctx context.Context) {
	tick := time.NewTicker(linkEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			l.link()
		}
	}
}

// seal marks a clean end. Without the mark, the next start treats this end as a
// crash.
func (l *Log) seal() {
	err := writeSeal(l.files)
	if err == nil {
		err = l.links.remove()
	}
	if err != nil {
		l.o.Logger.Warn("the end of the event log could not be marked as a clean one", "error", err)
	}
}
