package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
)

// A snapshot is the log's files as they were at one moment, also of a log that is open
// elsewhere and is written to. It changes nothing, and needs no lock.
//
// Blocks grow at their end and are otherwise replaced whole, under another inode. So
// an open file and its size at a moment are a block at that moment, whatever happens to
// its name later. The order is what makes one moment of them: the events' blocks are
// opened first, then those of the values, then the events' newer ones. A value is
// then never ahead of the events, nor were events removed that it does not include,
// unless a trim was recorded just in between, which is looked for.
type snapshot struct {
	files
	meta        directoryMeta
	generations eventlog.Generations
	unproved    error // why the generations are unknown
	held        *record
	unrecorded  error // why the record is unknown
	pins        []*pin
}

// A pin is a block that is held open.
type pin struct {
	block
	file *os.File
	size int64 // at the snapshot's moment
	err  error // why it could not be opened
}

const (
	snapshotTries = 500
	snapshotPause = 2 * time.Millisecond
)

var (
	// errChanged means that files were replaced while the snapshot was taken.
	errChanged = errors.New("the files of the event log change too fast: try again")
	// errRestarted means that another generation began while a snapshot was read.
	errRestarted = errors.New("the event log was opened again meanwhile: try again")
)

// takeSnapshot opens the files of a log. The caller closes it.
func takeSnapshot(ctx context.Context, dir string) (*snapshot, error) {
	pause := time.NewTicker(snapshotPause)
	defer pause.Stop()
	for try := 1; ; try++ {
		s := &snapshot{files: files{dir}}
		err := s.take()
		if err == nil {
			return s, nil
		}
		s.close()
		if !errors.Is(err, errChanged) || try == snapshotTries {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-pause.C:
		}
	}
}

func (s *snapshot) take() (err error) {
	if s.meta, err = readMeta(s.dir); err != nil {
		return err
	}
	before, _ := readRecord(s.dir)
	s.generations, s.unproved = readGenerations(s.dir, s.meta.Epoch)
	for _, stream := range []string{streamName, valuesName} {
		if err := s.open(stream); err != nil {
			return err
		}
	}
	if err := s.measure(valuesName); err != nil {
		return err
	}
	if err := s.openNewer(); err != nil {
		return err
	}
	if err := s.measure(streamName); err != nil {
		return err
	}
	if err := s.checkTrims(); err != nil {
		return err
	}
	// A block that retention removes loses its name, then its place in the record, then
	// its link: looked for in this order, one that is missed was lost otherwise.
	if err := s.openLinked(); err != nil {
		return err
	}
	s.held, s.unrecorded = readRecord(s.dir)
	if before != nil && s.held != nil && before.Closed != s.held.Closed {
		return errChanged
	}
	return nil
}

// open opens all blocks of a stream, oldest first: what has left an older one since
// was marked as removed in a newer one.
func (s *snapshot) open(stream string) error {
	blocks, err := s.blocksOf(stream)
	if errors.Is(err, fs.ErrNotExist) {
		return s.absent(stream)
	}
	if err != nil {
		s.pins = append(s.pins, &pin{block: block{stream: stream, path: s.messages(stream)}, err: err})
	}
	for _, b := range blocks {
		if err := s.add(b, b.path); err != nil {
			return err
		}
	}
	return nil
}

// absent returns errChanged for a stream whose directory is missing while another
// is put in its place, as the server does when it removes all messages.
func (s *snapshot) absent(stream string) error {
	left, err := filepath.Glob(filepath.Join(s.streams(), stream, "__*__"))
	if err == nil && len(left) > 0 {
		return errChanged
	}
	return err
}

// add opens one block. One that cannot be read is noted; one that is gone was
// removed since its name was read.
func (s *snapshot) add(b block, path string) error {
	p := &pin{block: b}
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errChanged
	case err != nil:
		p.err = err
	case !info.Mode().IsRegular():
		p.err = errIrregular
	default:
		p.file, p.err = os.Open(path)
	}
	if errors.Is(p.err, fs.ErrNotExist) {
		return errChanged
	}
	s.pins = append(s.pins, p)
	return nil
}

// of returns the open blocks of a stream, oldest first.
func (s *snapshot) of(stream string) (all []*pin) {
	for _, p := range s.pins {
		if p.stream == stream {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b *pin) int { return int(int64(a.number) - int64(b.number)) })
	return all
}

// measure notes the sizes of a stream's blocks as those of this moment, the last one
// first: it is the only one that grows.
func (s *snapshot) measure(stream string) error {
	for _, p := range slices.Backward(s.of(stream)) {
		if p.file == nil {
			continue
		}
		info, err := p.file.Stat()
		if err != nil {
			return err
		}
		p.size = info.Size()
	}
	return nil
}

// openNewer opens the blocks of events that have come since. The one that was the
// last must still be the same file, and none between may be missing: otherwise a trim
// has removed what came meanwhile.
func (s *snapshot) openNewer() error {
	had := s.of(streamName)
	if len(had) == 0 {
		return nil
	}
	last := had[len(had)-1]
	if err := last.unchanged(); err != nil || last.file == nil {
		return err
	}
	blocks, err := s.blocksOf(streamName)
	if err != nil {
		return errors.Join(errChanged, err)
	}
	next := last.number + 1
	for _, b := range blocks {
		switch {
		case b.number < next:
			continue
		case b.number > next:
			return errChanged
		}
		if err := s.add(b, b.path); err != nil {
			return err
		}
		next++
	}
	return nil
}

// unchanged returns errChanged if the block's name is another file's by now.
func (p *pin) unchanged() error {
	if p.file == nil {
		return nil
	}
	held, err := p.file.Stat()
	if err != nil {
		return err
	}
	if now, err := os.Stat(p.path); err != nil || !os.SameFile(held, now) {
		return errChanged
	}
	return nil
}

// trimSubject is that of the record of trims, in the stream of the values. That it
// also occurs in a value does no harm.
var trimSubject = []byte("seaway-values.trim")

// checkTrims returns errChanged if a trim was recorded after the values were measured:
// the events may be without what it has removed.
func (s *snapshot) checkTrims() error {
	values := s.of(valuesName)
	if len(values) == 0 {
		return nil
	}
	last := values[len(values)-1]
	if err := last.unchanged(); err != nil || last.file == nil {
		return err
	}
	since, err := io.ReadAll(io.NewSectionReader(last.file, last.size, 1<<30))
	if err != nil {
		return err
	}
	_, err = os.Stat(filepath.Join(s.messages(valuesName), fmt.Sprintf("%d.blk", last.number+1)))
	if err == nil || bytes.Contains(since, trimSubject) {
		return errChanged
	}
	return nil
}

// openLinked opens blocks that have lost their name, by their link.
func (s *snapshot) openLinked() error {
	l := links{s.files}
	linked, err := l.list()
	if errors.Is(err, fs.ErrNotExist) {
		return errChanged // the log was closed just now
	}
	for _, b := range linked {
		if s.has(b.name()) || exists(b.path) {
			continue
		}
		if err := s.add(b, l.pathOf(b)); err != nil {
			return err
		}
		p := s.pins[len(s.pins)-1]
		if p.file == nil {
			continue
		}
		info, err := p.file.Stat()
		if err != nil {
			return err
		}
		p.size = info.Size()
	}
	return err
}

func (s *snapshot) has(name string) bool {
	return slices.ContainsFunc(s.pins, func(p *pin) bool { return p.name() == name })
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// read returns a block as it was.
func (p *pin) read(room []byte) ([]byte, error) {
	if p.err != nil {
		return room, p.err
	}
	if int64(cap(room)) < p.size {
		room = make([]byte, p.size)
	}
	room = room[:p.size]
	n, err := p.file.ReadAt(room, 0)
	if err == io.EOF {
		err = nil
	}
	return room[:n], err
}

// stillHolds returns errRestarted if the log was opened since: the rest of a record
// that a crash has cut off was then written over.
func (s *snapshot) stillHolds() error {
	now, err := readGenerations(s.dir, s.meta.Epoch)
	if !errors.Is(err, s.unproved) || !slices.Equal(now, s.generations) {
		return errRestarted
	}
	return nil
}

func (s *snapshot) close() {
	for _, p := range s.pins {
		if p.file != nil {
			p.file.Close()
		}
	}
}
