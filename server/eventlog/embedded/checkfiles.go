package embedded

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// checkFiles checks the files before the server starts, and returns the number of
// the newest message of each stream, which the server must find. It changes nothing
// before the check has succeeded.
func (l *Log) checkFiles() (newest map[string]uint64, err error) {
	l.filesMu.Lock()
	defer l.filesMu.Unlock()
	held, err := l.lastRecord()
	if err != nil {
		return nil, fmt.Errorf("%w: %w; nothing was changed", ErrDamaged, err)
	}
	crashed := held == nil || !held.Closed
	if l.meta.Stream && crashed {
		if err := l.afterCrash(held); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
		}
	}
	found, err := l.files.check(held, l.meta.streams()...)
	if err != nil {
		return nil, err
	}
	if err := l.dropOrFail(found, held); err != nil {
		return nil, err
	}
	for _, d := range found.torn {
		l.o.Logger.Info("a crash has cut off the last record of the event log, which is dropped", "file", d.path, "last", found.newest[d.stream], "bytes", d.found.gaps[0].size())
	}
	if err := l.removeUnsynced(found.unsynced); err != nil {
		return nil, err
	}
	if err := l.files.setAside(len(found.damages) > 0); err != nil {
		return nil, err
	}
	groups := l.o.Sync == SyncAlways && l.canGroup()
	if groups && crashed {
		if err := l.files.removeIndices(); err != nil {
			return nil, err
		}
	}
	if l.o.Sync == SyncAlways && crashed {
		if err := errors.Join(l.rewriteUnsynced(found.blocks, held), l.files.sync(l.o.disk)); err != nil {
			return nil, err
		}
	}
	if err := l.links.update(); errors.Is(err, syscall.EACCES) {
		return nil, err
	} else if err != nil {
		l.o.Logger.Warn("files of the event log could not be linked: they cannot be restored after a crash", "error", err)
		groups = false
	}
	l.engine.syncEach = l.o.Sync == SyncAlways && !groups
	if l.synced = nil; groups {
		l.synced = byStream(found.blocks)
	}
	return found.newest, l.writeRecord(reach{found.newest[streamName], found.newest[valuesName]})
}

// lastRecord returns the record of what the log held, nil if there is none.
// Numbers that an earlier start has seen are known from its generation.
func (l *Log) lastRecord() (*record, error) {
	known, err := readGenerations(l.o.Dir, l.meta.Epoch)
	if err != nil && !errors.Is(err, errGenerations) {
		return nil, err
	}
	held, err := readRecord(l.o.Dir)
	if errors.Is(err, errRecord) {
		if l.meta.Stream {
			l.o.Logger.Warn("whether a file of the event log is missing is unknown", "error", err)
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

// writeRecord records the present blocks, and the numbers up to which all events
// and values are on the disk. A log that is not synced promises none.
func (l *Log) writeRecord(last reach) error {
	l.noted = last
	r, err := recordOf(l.files)
	if err != nil {
		return err
	}
	if l.synced != nil {
		r.keep(l.synced)
	}
	if l.o.Sync == SyncAlways {
		r.Last, r.Values = last.events, last.values
	}
	return r.write(l.o.Dir)
}

// dropOrFail returns the error of a damaged log, or drops what is damaged if the
// options say so.
func (l *Log) dropOrFail(found checkResult, held *record) error {
	if err := found.err(); err == nil || !l.o.UnsafeDropDamaged {
		return err
	}
	if err := l.drop(found, held); err != nil {
		return err
	}
	l.dropped = true
	// No earlier position may be resumed from: events after it are missing.
	return notMissing(os.Remove(filepath.Join(l.o.Dir, generationsName)))
}

// canGroup reports whether appends can be synced in groups, which needs the links.
func (l *Log) canGroup() bool {
	for _, stream := range []string{streamName, valuesName} {
		if err := l.links.possible(stream); err != nil {
			l.o.Logger.Debug("each event is synced by itself: files cannot be linked", "error", err)
			return false
		}
	}
	return true
}

// afterCrash restores blocks whose name is missing, and those that were replaced since
// they were last synced.
func (l *Log) afterCrash(held *record) error {
	l.o.Logger.Debug("the event log was not closed: its index is rebuilt from the events", "dir", l.o.Dir)
	missing, err := l.links.putBack(l.o.Sync == SyncAlways, held)
	for _, b := range missing {
		l.o.Logger.Info("a block of the event log that had lost its name in a crash was restored", "file", b.path)
	}
	return err
}

// checkFound checks that the server has found the messages that the files hold.
func (l *Log) checkFound(found reach, newest map[string]uint64) error {
	for stream, last := range map[string]uint64{streamName: found.events, valuesName: found.values} {
		if last < newest[stream] {
			return fmt.Errorf("%w: those of %s hold messages up to number %d, and the server has found them up to %d only; nothing was changed",
				ErrDamaged, stream, newest[stream], last)
		}
	}
	return nil
}

// noteStreams records that the streams have been created: from now on they may not
// be missing.
func (l *Log) noteStreams() error {
	if l.meta.Stream && l.meta.Values {
		return nil
	}
	l.meta.Stream, l.meta.Values = true, true
	return writeMeta(l.o.Dir, l.meta)
}

// streams returns the streams that have been created.
func (m directoryMeta) streams() (all []string) {
	if m.Stream {
		all = append(all, streamName)
	}
	if m.Values {
		all = append(all, valuesName)
	}
	return all
}

// restoreBlocks restores all blocks after a start that failed: the server
// removes a stream that it cannot set up.
func (l *Log) restoreBlocks(cause error) error {
	l.engine.stop()
	l.filesMu.Lock()
	defer l.filesMu.Unlock()
	held, err := readRecord(l.o.Dir)
	if err != nil && !errors.Is(err, errRecord) {
		return errors.Join(cause, err)
	}
	_, err = l.links.putBack(true, held)
	return errors.Join(cause, err)
}

// recordCleanClose records a clean end. Without it, the next start treats this
// end as a crash, as it must if a sync has failed.
func (l *Log) recordCleanClose(last reach) {
	r, err := recordOf(l.files)
	if c := l.commits.Load(); err == nil && c != nil {
		err = c.failed()
	}
	if err == nil {
		err = l.files.sync(l.o.disk) // a power cut may come after the end
	}
	if err == nil {
		r.Closed, r.Last, r.Values = true, last.events, last.values
		err = r.write(l.o.Dir)
	}
	if err == nil {
		err = l.links.remove()
	}
	if err != nil {
		l.o.Logger.Warn("the clean close of the event log could not be recorded", "error", err)
	}
}
