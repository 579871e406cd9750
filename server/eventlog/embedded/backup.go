package embedded

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/minio/highwayhash"

	"github.com/seawaykit/seaway/server/internal/durable"
)

// Backup copies the log in a directory into another, which must be empty or missing,
// and returns what the copy holds. The log may be open and written to meanwhile, by
// this process or by another: the copy is of one moment, with all events that were
// acknowledged up to its newest one, all values, and what lets the log prove its
// history. So clients that have seen more than the copy holds are reset by a log that
// is opened on it. Files that the program keeps beside the log, as session.key, are
// copied as well.
//
// Everything is read and checked as it is copied: a log that is damaged is an
// [ErrDamaged], and there is no copy. The copy is written under its name with .partial
// appended, and gets its name once it is on the disk; one that was cut off cannot be
// opened, and the next Backup of that name removes it. Its files are the caller's: a
// program that runs under another user needs them given to that one.
//
// To restore, open the copy, or a copy of it.
func Backup(ctx context.Context, from, to string) (Verified, error) {
	v, err := backup(ctx, from, to)
	if err != nil {
		return v, fmt.Errorf("back %q up: %w", from, err)
	}
	return v, nil
}

func backup(ctx context.Context, from, to string) (v Verified, err error) {
	from, err = filepath.Abs(from)
	if err == nil {
		to, err = filepath.Abs(to)
	}
	if err != nil {
		return v, err
	}
	if strings.HasPrefix(to+string(filepath.Separator), from+string(filepath.Separator)) {
		return v, fmt.Errorf("%q is a part of what is to be copied", to)
	}
	s, err := takeSnapshot(ctx, from)
	if err != nil {
		return v, err
	}
	defer s.close()
	c, err := newCopy(to)
	if err != nil {
		return v, err
	}
	v, err = c.fill(ctx, s)
	if err != nil {
		return v, errors.Join(err, c.discard())
	}
	return v, c.finish(s.meta)
}

// unfinishedName is the file, locked, of a copy that is not whole.
const unfinishedName = "UNFINISHED"

// A backupCopy is a copy that is being written.
type backupCopy struct {
	files         // as they will be opened
	to     string // its name in the end
	held   record
	unlock func()
}

// newCopy makes the directory of a copy, and removes what an earlier try has left there.
func newCopy(to string) (*backupCopy, error) {
	left, err := os.ReadDir(to)
	if len(left) > 0 {
		return nil, fmt.Errorf("%q is not empty: it holds %q", to, left[0].Name())
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	c := &backupCopy{files: files{to + ".partial"}, to: to, held: record{Closed: true, Blocks: map[string]int64{}}}
	left, err = os.ReadDir(c.dir)
	own := func(e os.DirEntry) bool { return e.Name() == unfinishedName || e.Name() == "jetstream" }
	if len(left) > 0 && !slices.ContainsFunc(left, own) {
		return nil, fmt.Errorf("%q is no backup that was cut off: it holds %q", c.dir, left[0].Name())
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err := os.MkdirAll(c.dir, 0o700); err != nil {
		return nil, err
	}
	if c.unlock, err = lock(filepath.Join(c.dir, unfinishedName)); err != nil {
		return nil, fmt.Errorf("another backup is being made there: %w", err)
	}
	for _, e := range left {
		if e.Name() != unfinishedName {
			err = errors.Join(err, os.RemoveAll(filepath.Join(c.dir, e.Name())))
		}
	}
	if err != nil {
		c.unlock()
		return nil, err
	}
	return c, nil
}

// discard removes a copy that could not be made.
func (c *backupCopy) discard() error {
	defer c.unlock()
	return os.RemoveAll(c.dir)
}

// fill writes everything but the file that makes a log of it.
func (c *backupCopy) fill(ctx context.Context, s *snapshot) (Verified, error) {
	v, err := s.verify(func(p *pin, data []byte) error {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		path := filepath.Join(c.messages(p.stream), filepath.Base(p.path))
		c.held.Blocks[p.name()] = int64(len(data))
		return c.write(path, data)
	})
	if err == nil && len(v.Damages) > 0 {
		err = fmt.Errorf("%w: %s", ErrDamaged, strings.Join(v.Damages, "; "))
	}
	if err != nil {
		return v, err
	}
	c.held.Last, c.held.Values = v.Last, v.lastValue
	if err := c.copyConfigurations(s); err != nil {
		return v, err
	}
	if err := c.copyOthers(s); err != nil {
		return v, err
	}
	if !s.meta.Stream {
		return v, nil
	}
	err = durable.WriteFile(filepath.Join(c.dir, generationsName), generationsText(s.meta.Epoch, s.generations))
	return v, errors.Join(err, c.held.write(c.dir))
}

// write writes one file and syncs it.
func (c *backupCopy) write(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Sync(), f.Close())
}

// copyConfigurations copies the configuration of each stream, after its blocks: it
// says that the events are held, before the first value that holds them is stored. One
// that is being written, or damaged, is left out: it is rebuilt.
func (c *backupCopy) copyConfigurations(s *snapshot) error {
	for _, stream := range s.meta.streams() {
		text, sum, ok := configurationOf(s.files, stream)
		for range snapshotTries {
			if ok {
				break
			}
			text, sum, ok = configurationOf(s.files, stream)
		}
		if !ok {
			continue
		}
		dir := filepath.Join(c.streams(), stream)
		if err := errors.Join(c.write(filepath.Join(dir, configuration[0]), text), c.write(filepath.Join(dir, configuration[1]), sum)); err != nil {
			return err
		}
	}
	return nil
}

// configurationOf reads a stream's configuration and its checksum, and reports whether
// they belong together (nats-server's filestore.go, writeStreamMeta).
func configurationOf(f files, stream string) (text, sum []byte, ok bool) {
	dir := filepath.Join(f.streams(), stream)
	text, err := os.ReadFile(filepath.Join(dir, configuration[0]))
	sum, sumErr := os.ReadFile(filepath.Join(dir, configuration[1]))
	if err != nil || sumErr != nil {
		return nil, nil, false
	}
	key := sha256.Sum256([]byte(stream))
	hash, err := highwayhash.NewDigest64(key[:])
	if err != nil {
		panic(err) // a key of another size
	}
	hash.Write(text)
	return text, sum, hex.EncodeToString(hash.Sum(nil)) == string(sum)
}

// ownNames are the files of a log's directory that are written anew, or not at all.
var ownNames = []string{lockName, metaName, recordName, generationsName, unfinishedName, "PROBE"}

// copyOthers copies the files that a program keeps beside the log.
func (c *backupCopy) copyOthers(s *snapshot) error {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || slices.Contains(ownNames, e.Name()) || strings.HasSuffix(e.Name(), ".new") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(s.dir, e.Name()))
		if err != nil {
			return err
		}
		if err := c.write(filepath.Join(c.dir, e.Name()), text); err != nil {
			return err
		}
	}
	return nil
}

// finish makes a log of the copy, and gives it its name.
func (c *backupCopy) finish(meta directoryMeta) error {
	defer c.unlock()
	err := filepath.WalkDir(c.dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			err = durable.SyncDir(path)
		}
		return err
	})
	if err == nil {
		err = os.Remove(filepath.Join(c.dir, unfinishedName))
	}
	if err == nil {
		err = writeMeta(c.dir, meta)
	}
	if err == nil {
		err = os.Rename(c.dir, c.to)
	}
	if err == nil {
		err = durable.SyncDir(filepath.Dir(c.to))
	}
	return err
}
