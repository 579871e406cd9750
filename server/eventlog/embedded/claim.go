package embedded

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

var (
	// ErrLocked says that another process has the directory open, or another
	// Log of this one.
	ErrLocked = errors.New("the data directory is locked: another process has it open")
	// ErrForeign says that the directory holds something else, which must not
	// be touched.
	ErrForeign = errors.New("the data directory was not made by and for a single embedded server")
	// ErrNotWritable says that the directory cannot be used as it is.
	ErrNotWritable = errors.New("the data directory cannot be written to")
)

const (
	lockName   = "LOCK"
	markerName = "ENGINE"
	singleMode = "single"
)

// A marker says what a directory was made for.
type marker struct {
	Mode   string `json:"mode"`             // always "single": a cluster's server would be of another
	Epoch  string `json:"epoch"`            // of the log
	Stream bool   `json:"stream,omitempty"` // the stream has been there: never again is it new
}

// claim makes the directory this process's own: it creates it, locks it, and
// reads its marker or, if it is empty, writes one. The lock comes before the
// first look, so that two processes do not both find it empty.
func claim(dir string) (m marker, unlock func(), err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil { // for nobody else to read
		return m, nil, refused(dir, err)
	}
	unlock, err = lock(filepath.Join(dir, lockName))
	if err != nil {
		return m, nil, refused(dir, err)
	}
	m, err = readMarker(dir)
	if errors.Is(err, fs.ErrNotExist) {
		m, err = newMarker(dir)
	}
	if err != nil {
		unlock()
		return m, nil, refused(dir, err)
	}
	return m, unlock, nil
}

// refused says in one sentence why the directory cannot be used.
func refused(dir string, err error) error {
	if permission := errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS); permission && !errors.Is(err, ErrDamaged) {
		err = fmt.Errorf("%w: %w", ErrNotWritable, err)
	}
	return fmt.Errorf("cannot use %q: %w", dir, err)
}

func readMarker(dir string) (m marker, err error) {
	text, err := os.ReadFile(filepath.Join(dir, markerName))
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fmt.Errorf("%w: its file %s is damaged: %w", ErrForeign, markerName, err)
	}
	if m.Mode != singleMode {
		return m, fmt.Errorf("%w: its file %s says mode %q, and to start a single server on it would delete its events: "+
			"back the stream up with the program it belongs to, and restore it into a directory of its own", ErrForeign, markerName, m.Mode)
	}
	if err := event.CheckEpoch(m.Epoch); err != nil {
		return m, fmt.Errorf("%w: its file %s is damaged: %w", ErrForeign, markerName, err)
	}
	return m, nil
}

// newMarker marks an empty directory. One that holds anything else is refused:
// it may be a server's whose marker is lost, or somebody's home.
func newMarker(dir string) (m marker, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return m, err
	}
	for _, entry := range entries {
		if !slices.Contains([]string{lockName, markerName + ".new", "lost+found"}, entry.Name()) {
			return m, fmt.Errorf("%w: it has no file %s, and holds %q", ErrForeign, markerName, entry.Name())
		}
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return m, err
	}
	m = marker{Mode: singleMode, Epoch: eventlog.NewEpoch()}
	return m, writeMarker(dir, m)
}

func writeMarker(dir string, m marker) error {
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return writeDurably(dir, markerName, append(text, '\n'))
}

// writeDurably creates a file that is there as a whole or not at all, also
// after a power cut.
func writeDurably(dir, name string, text []byte) error {
	temp := filepath.Join(dir, name+".new")
	f, err := os.OpenFile(temp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(temp, filepath.Join(dir, name)); err != nil {
		return err
	}
	return syncDir(dir)
}

// syncDir makes the names in a directory durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
