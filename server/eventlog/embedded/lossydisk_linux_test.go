package embedded

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A lossyDisk knows what of a log's files a power cut cannot take: their contents when
// they were last synced, by the file and not by its name, and the names in a directory
// when that was. Small files that the log writes by package durable count as durable.
type lossyDisk struct {
	t    *testing.T
	root string

	mu    sync.Mutex // held to sync, and to cut
	fails bool       // syncs of files fail, and lose what they were to make durable
	files map[uint64]*lossyFile
	names map[string]map[string]uint64 // by directory and name
}

// A lossyFile is a file that may have no name any more.
type lossyFile struct {
	open   *os.File // so that its number is not given again
	synced []byte
	lost   [][2]int // parts that reads still show, and no sync will make durable
}

// newLossyDisk returns the disk of a directory all of which is durable.
func newLossyDisk(t *testing.T, root string) *lossyDisk {
	d := &lossyDisk{t: t, root: root, files: map[uint64]*lossyFile{}, names: map[string]map[string]uint64{}}
	for _, dir := range d.directories() {
		if err := d.syncDir(dir); err != nil {
			t.Fatal(err)
		}
		for name, n := range d.names[dir] {
			f, err := os.Open(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			if err := d.sync(f); err != nil || number(t, f) != n {
				t.Fatalf("%s is another file (%v)", name, err)
			}
			f.Close()
		}
	}
	t.Cleanup(d.close)
	return d
}

func (d *lossyDisk) disk() disk { return disk{d.sync, d.syncDir, d.rewrite} }

// fail makes syncs of files fail from now on, or succeed again.
func (d *lossyDisk) fail(yes bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fails = yes
}

// rewrite makes all of the file new to the next sync, as it is.
func (d *lossyDisk) rewrite(f *os.File) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	file, err := d.fileOf(fmt.Sprintf("/proc/self/fd/%d", f.Fd()))
	if err != nil {
		return err
	}
	file.lost = nil
	return rewriteFile(f)
}

func (d *lossyDisk) close() {
	for _, f := range d.files {
		f.open.Close()
	}
}

func number(t *testing.T, f *os.File) uint64 {
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	return info.Sys().(*syscall.Stat_t).Ino
}

// sync does not really sync: the machine goes on.
func (d *lossyDisk) sync(f *os.File) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	file, err := d.fileOf(fmt.Sprintf("/proc/self/fd/%d", f.Fd()))
	if err != nil {
		return err
	}
	now, err := file.content()
	if err != nil {
		return err
	}
	if d.fails {
		file.lost = append(file.lost, [2]int{len(file.synced), len(now)})
		return syscall.EIO
	}
	for _, part := range file.lost {
		clear(now[min(part[0], len(now)):min(part[1], len(now))])
	}
	file.synced = now
	return nil
}

// fileOf returns the file of a name.
func (d *lossyDisk) fileOf(path string) (*lossyFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	n := number(d.t, f)
	if known := d.files[n]; known != nil {
		return known, f.Close()
	}
	d.files[n] = &lossyFile{open: f}
	return d.files[n], nil
}

func (f *lossyFile) content() ([]byte, error) {
	info, err := f.open.Stat()
	if err != nil {
		return nil, err
	}
	data := make([]byte, info.Size())
	n, err := f.open.ReadAt(data, 0)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return data[:n], err
}

func (d *lossyDisk) syncDir(dir string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	names, err := d.namesIn(dir)
	if err == nil {
		d.names[dir] = names
	}
	return err
}

// namesIn returns the names of the files in a directory now.
func (d *lossyDisk) namesIn(dir string) (map[string]uint64, error) {
	names := map[string]uint64{}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return names, nil // it was removed meanwhile
	}
	for _, e := range entries {
		if !e.Type().IsRegular() {
			continue
		}
		file, err := d.fileOf(filepath.Join(dir, e.Name()))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		names[e.Name()] = number(d.t, file.open)
	}
	return names, err
}

// directories returns those of the server's files and of the links.
func (d *lossyDisk) directories() (all []string) {
	for _, name := range []string{"jetstream", linksName} {
		err := filepath.WalkDir(filepath.Join(d.root, name), func(path string, e fs.DirEntry, err error) error {
			if err == nil && e.IsDir() {
				all = append(all, path)
			}
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			return err
		})
		if err != nil {
			d.t.Fatal(err)
		}
	}
	return all
}

// gather waits, while no sync comes to an end, until the server has written some more
// bytes, or writes no more because all callers wait for a sync.
func (d *lossyDisk) gather(bytes int) {
	begun := d.size()
	for last, still := begun, 0; last < begun+bytes && still < 5; {
		time.Sleep(time.Millisecond)
		now := d.size()
		if still++; now != last {
			last, still = now, 0
		}
	}
}

// size returns how long all files are.
func (d *lossyDisk) size() (sum int) {
	for _, dir := range d.directories() {
		entries, _ := os.ReadDir(dir) // without what is gone
		for _, e := range entries {
			if info, err := e.Info(); err == nil && info.Mode().IsRegular() {
				sum += int(info.Size())
			}
		}
	}
	return sum
}

// cut writes to another directory what a power cut leaves now, one of many
// possibilities. No sync comes to an end meanwhile, so that the log reports nothing.
func (d *lossyDisk) cut(random *rand.Rand, to string) error {
	written := map[uint64]string{}
	for _, dir := range d.directories() {
		now, err := d.namesIn(dir)
		if err := errors.Join(err, os.MkdirAll(d.moved(dir, to), 0o700)); err != nil {
			return err
		}
		for name, n := range choose(random, d.names[dir], now) {
			path := filepath.Join(d.moved(dir, to), name)
			if first := written[n]; first != "" {
				err = os.Link(first, path)
			} else {
				written[n] = path
				err = d.leave(random, n, path)
			}
			if err != nil {
				return err
			}
		}
	}
	return d.copyDurable(to)
}

func (d *lossyDisk) moved(dir, to string) string {
	return filepath.Join(to, strings.TrimPrefix(dir, d.root))
}

// choose returns the names that are left of those that were synced and those of now.
func choose(random *rand.Rand, synced, now map[string]uint64) map[string]uint64 {
	left := map[string]uint64{}
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for name := range synced {
			if !yield(name) {
				return
			}
		}
		for name := range now {
			if _, both := synced[name]; !both && !yield(name) {
				return
			}
		}
	}) {
		from := synced
		if random.IntN(2) == 0 {
			from = now
		}
		if n, ok := from[name]; ok {
			left[name] = n
		}
	}
	return left
}

// leave writes what is left of a file: what was synced, and of what was added since
// all, a part, or some sectors with zeros after them.
func (d *lossyDisk) leave(random *rand.Rand, n uint64, path string) error {
	now, err := d.files[n].content()
	if err != nil {
		return err
	}
	synced := d.files[n].synced
	if added := len(now) - len(synced); added > 0 && string(now[:len(synced)]) == string(synced) {
		part := len(synced) + random.IntN(added+1)
		switch random.IntN(4) {
		case 0:
			now = synced
		case 1:
			now = now[:part]
		case 2:
			clear(now[min(len(now), (part+sectorSize-1)/sectorSize*sectorSize):])
		}
	} else if random.IntN(2) == 0 {
		now = synced
	}
	return os.WriteFile(path, now, 0o600)
}

// copyDurable copies the log's own small files.
func (d *lossyDisk) copyDurable(to string) error {
	for _, name := range []string{metaName, generationsName, recordName} {
		text, err := os.ReadFile(filepath.Join(d.root, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(to, name), text, 0o600)
		}
		if notMissing(err) != nil {
			return err
		}
	}
	return nil
}
