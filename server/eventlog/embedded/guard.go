package embedded

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"github.com/seawaykit/seaway/server/eventlog"
)

// guard makes sure of the files before the server starts, and returns the number
// of the log's newest event: the server is to find at least that. It changes
// nothing before it knows that the files are good.
func (l *Log) guard() (newest uint64, err error) {
	l.filing.Lock()
	defer l.filing.Unlock()
	held, err := l.held()
	if err != nil {
		return 0, fmt.Errorf("%w: %w; nothing was changed", ErrDamaged, err)
	}
	if l.marker.Stream && (held == nil || !held.Closed) {
		if err := l.afterCrash(); err != nil {
			return 0, fmt.Errorf("%w: %w", ErrDamaged, err)
		}
	}
	found, err := l.files.check(held, l.marker.Stream)
	if err != nil {
		return 0, err
	}
	if err := l.decide(found, held); err != nil {
		return 0, err
	}
	for _, d := range found.torn {
		l.o.Logger.Info("a crash has cut off the last record of the event log, which is left out", "file", d.path, "last", found.newest, "bytes", d.found.gaps[0].size())
	}
	if err := l.files.setAside(len(found.damages) > 0); err != nil {
		return 0, err
	}
	if err := l.links.update(); errors.Is(err, syscall.EACCES) {
		return 0, err
	} else if err != nil {
		l.o.Logger.Warn("files of the event log have no second name, from which they could be put back", "error", err)
	}
	return found.newest, l.note(found.newest)
}

// held returns what the log held when it was last written, nil if that is not
// known. Numbers that an earlier start has seen are known from its generation.
func (l *Log) held() (*record, error) {
	known, err := readGenerations(l.o.Dir, l.marker.Epoch)
	if err != nil && !errors.Is(err, errGenerations) {
		return nil, err
	}
	held, err := readRecord(l.o.Dir)
	if errors.Is(err, errRecord) {
		if l.marker.Stream {
			l.o.Logger.Warn("whether a file of the event log is missing cannot be known", "error", err)
		}
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if len(known) > 0 && l.o.Sync == SyncAlways {
		held.Last = max(held.Last, known[len(known)-1].First-1)
	}
	return held, nil
}

// note records the blocks there are, and the number up to which all is on the
// disk. A log that is not synced promises none.
func (l *Log) note(last uint64) error {
	r, err := recordOf(l.files)
	if err != nil {
		return err
	}
	if l.o.Sync == SyncAlways {
		r.Last = last
	}
	return r.write(l.o.Dir)
}

// decide returns the error of a log that is damaged, or drops what is damaged if
// the options say so.
func (l *Log) decide(found findings, held *record) error {
	if err := found.err(); err == nil || !l.o.UnsafeDropDamaged {
		return err
	}
	if err := l.drop(found, held); err != nil {
		return err
	}
	// No position from before may be resumed from: what comes after it is not
	// whole.
	return notMissing(os.Remove(filepath.Join(l.o.Dir, generationsName)))
}

// afterCrash gives blocks that are missing their name again.
func (l *Log) afterCrash() error {
	l.o.Logger.Debug("the event log was not closed: its index is made anew from the events", "dir", l.o.Dir)
	missing, err := l.links.putBack(false)
	for _, b := range missing {
		l.o.Logger.Info("a block of the event log that had lost its name after a crash was put back", "file", b.path)
	}
	return err
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
	l.filing.Lock()
	defer l.filing.Unlock()
	_, err := l.links.putBack(true)
	return errors.Join(cause, err)
}

// seal marks a clean end. Without the mark, the next start treats this end as a
// crash.
func (l *Log) seal(last uint64) {
	r, err := recordOf(l.files)
	if err == nil {
		err = l.files.sync() // a power cut may come after the end
	}
	if err == nil {
		r.Closed, r.Last = true, last
		err = r.write(l.o.Dir)
	}
	if err == nil {
		err = l.links.remove()
	}
	if err != nil {
		l.o.Logger.Warn("the end of the event log could not be marked as a clean one", "error", err)
	}
}
