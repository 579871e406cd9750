package embedded

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
)

// commits are the committers of a server's streams, from its start to its stop.
type commits struct {
	of      map[string]*committer
	syncers []*blockSyncer
}

// newCommits returns those of a server that is about to be started. What there is was
// synced.
func (l *Log) newCommits() *commits {
	c := &commits{of: map[string]*committer{}}
	for _, stream := range []string{streamName, valuesName} {
		s := &blockSyncer{files: l.files, links: l.links, disk: l.o.disk, stream: stream,
			names: &l.filesMu, record: func(synced []block) error {
				l.synced[stream] = synced
				return l.writeRecord(l.noted)
			}}
		c.syncers = append(c.syncers, s)
		c.of[stream] = &committer{sync: s.sync}
	}
	return c
}

// commitAll makes all that is written durable.
func (c *commits) commitAll(ctx context.Context) error {
	for _, one := range c.of {
		if err := one.commitAll(ctx); err != nil {
			return err
		}
	}
	return nil
}

// failed returns the error of a sync that has failed, after which nothing is known to be
// durable.
func (c *commits) failed() error {
	for _, one := range c.of {
		one.mu.Lock()
		err := one.failed
		one.mu.Unlock()
		if err != nil {
			return err
		}
	}
	return nil
}

// finish ends the committers.
func (c *commits) finish() {
	for _, one := range c.of {
		one.finish()
	}
	for _, s := range c.syncers {
		s.close()
	}
}

// durable returns once what the server has stored up to a number is on the disk. If
// that fails, nothing more is stored: a second sync would report success for what
// the first one has lost.
func (l *Log) durable(ctx context.Context, stream string, seq uint64) error {
	c := l.commits.Load()
	if c == nil {
		return nil
	}
	err := c.of[stream].commit(ctx, seq)
	if err != nil && ctx.Err() == nil && !errors.Is(err, errFinished) {
		l.syncFailed(c, err)
	}
	return err
}

// syncFailed makes the log unhealthy after a sync of a server that runs. What another
// has failed in was found when this one was started.
func (l *Log) syncFailed(of *commits, cause error) {
	if l.commits.Load() == of {
		l.setUnhealthy(cause)
	}
}

// beginCommits begins with another server, which is about to be started. Without them
// the server syncs each message by itself, or the options want no sync.
func (l *Log) beginCommits() {
	var next *commits
	if l.o.Sync == SyncAlways && !l.engine.syncEach {
		next = l.newCommits()
	}
	if old := l.commits.Swap(next); old != nil {
		old.finish()
	}
}

// commitStart makes durable what the server has found and made at its start, before any
// of it is shown.
func (l *Log) commitStart(ctx context.Context) error {
	c := l.commits.Load()
	if c == nil {
		return nil
	}
	if err := c.commitAll(ctx); err != nil {
		return err
	}
	return l.syncDirectories()
}

// syncDirectories syncs the directories of the server's files and of the links, and the
// configurations of the streams.
func (l *Log) syncDirectories() error {
	sync := func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir():
			return l.o.disk.syncDir(path)
		case filepath.Base(path) == configuration[0] || filepath.Base(path) == configuration[1]:
			return l.o.disk.syncPath(path)
		}
		return nil
	}
	return errors.Join(
		filepath.WalkDir(filepath.Join(l.o.Dir, "jetstream"), sync),
		filepath.WalkDir(l.links.root(), sync),
		l.o.disk.syncDir(l.o.Dir),
	)
}
