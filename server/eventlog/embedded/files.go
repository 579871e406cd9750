package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// The streams of the log's events and of its values.
const (
	streamName = "SEAWAY"
	valuesName = "SEAWAY-VALUES"
)

// files finds the server's stream files below a data directory (nats-server's
// jetstream.go and filestore.go, 2.15).
type files struct{ dir string }

// A block is one file with a stream's messages: <number>.blk.
type block struct {
	stream string
	number uint32
	path   string
}

// name identifies the block in the record and among the links.
func (b block) name() string { return b.stream + "/" + filepath.Base(b.path) }

func (f files) streams() string { return filepath.Join(f.dir, "jetstream", "$G", "streams") }

func (f files) messages(stream string) string { return filepath.Join(f.streams(), stream, "msgs") }

// blockOf returns the block of that name, which need not exist.
func (f files) blockOf(name string) (block, bool) {
	stream, file, _ := strings.Cut(name, "/")
	number, ok := blockNumber(file)
	return block{stream, number, filepath.Join(f.messages(stream), file)}, ok
}

// blocks lists the blocks of all streams, each stream's in their order. A stream
// whose files cannot be listed is an error: the server would treat it as
// missing.
func (f files) blocks() ([]block, error) {
	streams, err := os.ReadDir(f.streams())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []block
	for _, s := range streams {
		list, err := f.blocksOf(s.Name())
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, nil
}

func (f files) blocksOf(stream string) (list []block, err error) {
	dir := f.messages(stream)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if number, ok := blockNumber(e.Name()); ok {
			list = append(list, block{stream, number, filepath.Join(dir, e.Name())})
		}
	}
	slices.SortFunc(list, func(a, b block) int { return int(int64(a.number) - int64(b.number)) })
	return list, nil
}

func blockNumber(file string) (uint32, bool) {
	digits, ok := strings.CutSuffix(file, ".blk")
	number, err := strconv.ParseUint(digits, 10, 32)
	return uint32(number), ok && err == nil
}

// misnamed reports whether the server, which parses the number in a name, would
// open another file.
func (b block) misnamed() bool { return filepath.Base(b.path) != fmt.Sprintf("%d.blk", b.number) }

// checkDirectories returns an error unless files and links can be created and
// removed in every directory that the server uses: it would remove a stream in
// whose directories it cannot.
func (f files) checkDirectories() error {
	account := filepath.Dir(f.streams())
	dirs := []string{f.dir, filepath.Dir(account), account, f.streams(), links{f}.root()}
	for _, pattern := range []string{filepath.Join(f.streams(), "*"), filepath.Join(f.streams(), "*", "msgs"), filepath.Join(links{f}.root(), "*")} {
		more, err := filepath.Glob(pattern)
		if err != nil {
			return err
		}
		dirs = append(dirs, more...)
	}
	for _, dir := range dirs {
		info, err := os.Stat(dir)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return err
		case !info.IsDir():
			continue // blocks finds it
		}
		if err := accessible(dir); err != nil {
			return err
		}
	}
	return nil
}

var errIrregular = errors.New("it is not a regular file")

// usable returns an error unless the file is a regular one that can be read and
// written: one that belongs to root after a run with sudo cannot.
func usable(path string) error {
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return errIrregular
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return f.Close()
}
