package embedded

import (
	"errors"
	"os"
	"sync"
	"time"

	"github.com/seawaykit/seaway/server/internal/durable"
)

// A disk makes files and the names in a directory durable. Tests have others, which
// lose what was not synced.
type disk struct {
	sync    func(*os.File) error
	syncDir func(dir string) error
	rewrite func(*os.File) error // so that the next sync is about all of the file
}

// systemDisk is that of the operating system.
func systemDisk() disk { return disk{(*os.File).Sync, durable.SyncDir, rewriteFile} }

// syncPath syncs the file of that name.
func (d disk) syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.sync(f), f.Close())
}

// A blockSyncer syncs what the server has written to the blocks of a stream. It writes
// to the newest only, but replaces others: it copies what is left in a block, without a
// sync, and renames the copy over it. The block's link keeps what was there until the
// copy is durable, and after a crash a link counts for more than the block.
type blockSyncer struct {
	files  files
	links  links
	disk   disk
	stream string
	names  *sync.Mutex                // held to record, and to change the links
	record func(synced []block) error // records that these are durable to their ends, but the newest

	changed time.Time              // of the directory when it was last listed
	newest  *os.File               // the newest block, open
	known   map[uint32]os.FileInfo // the others that are durable, as nothing is added to them
	listed  uint32                 // the highest number in the record
}

// sync syncs the newest block or, if there are others than before or all are asked for,
// all that may hold something new.
func (s *blockSyncer) sync(all bool) error {
	is, err := os.Stat(s.files.messages(s.stream))
	if err != nil {
		return err
	}
	if at := is.ModTime(); all || s.newest == nil || !at.Equal(s.changed) || time.Since(at) < clockTick(at) {
		s.changed = at
		return s.syncChanged()
	}
	return s.disk.sync(s.newest)
}

// clockTick returns a time in which a directory may change twice and show one time: in
// file systems with fractions of a second some milliseconds, in others one or two
// seconds.
func clockTick(at time.Time) time.Duration {
	if at.Nanosecond() != 0 {
		return 20 * time.Millisecond
	}
	return 3 * time.Second
}

// syncChanged syncs all blocks that are new or were replaced, and links them.
func (s *blockSyncer) syncChanged() error {
	blocks, err := s.files.blocksOf(s.stream)
	if err != nil {
		return err
	}
	var synced []block
	known := map[uint32]os.FileInfo{}
	for i, b := range blocks {
		is, err := os.Stat(b.path)
		if err == nil && (i+1 == len(blocks) || s.known[b.number] == nil || !os.SameFile(is, s.known[b.number])) {
			synced = append(synced, b)
			is, err = s.syncBlock(b)
		}
		switch {
		case notMissing(err) != nil:
			return err
		case err == nil && i+1 < len(blocks): // something will be added to the newest
			known[b.number] = is
		}
	}
	s.known = known
	return s.link(blocks, synced)
}

// syncBlock syncs a block, which is the newest so far.
func (s *blockSyncer) syncBlock(b block) (is os.FileInfo, err error) {
	f, err := os.Open(b.path)
	if err != nil {
		return nil, err
	}
	is, err = f.Stat()
	if err == nil {
		err = s.disk.sync(f)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	s.close()
	s.newest = f
	return is, nil
}

// link makes the names of blocks durable that were synced, and links those. Before that
// it records that there is a newer block: until then the copy of a block would look
// like one whose end was never synced.
func (s *blockSyncer) link(all, synced []block) error {
	s.names.Lock()
	defer s.names.Unlock()
	var fresh []block
	for _, b := range synced {
		is, err := s.links.has(b)
		if notMissing(err) != nil {
			return err
		}
		if err == nil && !is {
			fresh = append(fresh, b)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	if err := s.disk.syncDir(s.files.messages(s.stream)); err != nil {
		return err
	}
	if newest := all[len(all)-1].number; newest > s.listed {
		if err := s.record(all); err != nil {
			return err
		}
		s.listed = newest
	}
	for _, b := range fresh {
		if err := s.links.replace(b, s.disk); notMissing(err) != nil {
			return err
		}
	}
	return s.disk.syncDir(s.links.of(s.stream))
}

// close closes the newest block.
func (s *blockSyncer) close() {
	if s.newest != nil {
		s.newest.Close()
	}
}
