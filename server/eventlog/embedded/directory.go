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
	"github.com/seawaykit/seaway/server/internal/durable"
	"github.com/seawaykit/seaway/shared/event"
)

var (
	// ErrLocked means that another process has the directory open, or another
	// Log of this one.
	ErrLocked = errors.New("the data directory is locked: another process has it open")
	// ErrForeign means that the directory holds something else, which must not
	// be touched.
	ErrForeign = errors.New("the data directory was not made by and for a single embedded server")
	// ErrNotWritable means that the directory cannot be written to.
	ErrNotWritable = errors.New("the data directory cannot be written to")
)

const (
	lockName   = "LOCK"
	metaName   = "ENGINE"
	singleMode = "single"
)

// A directoryMeta is the file that identifies a data directory.
type directoryMeta struct {
	Mode   string `json:"mode"`             // always "single": the directory of a cluster's server has another
	Epoch  string `json:"epoch"`            // of the log
	Stream bool   `json:"stream,omitempty"` // the stream has been created: if it is missing, events are lost
	Values bool   `json:"values,omitempty"` // the stream of the values has been created
}

// lockDirectory creates the directory if it is missing, locks it, and reads its
// meta file or, if the directory is empty, writes one. The lock comes first, so
// that two processes do not both find it empty.
func lockDirectory(dir string) (m directoryMeta, unlock func(), err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil { // for its owner only
		return m, nil, refused(dir, err)
	}
	unlock, err = lock(filepath.Join(dir, lockName))
	if err != nil {
		return m, nil, refused(dir, err)
	}
	m, err = readMeta(dir)
	if errors.Is(err, fs.ErrNotExist) {
		m, err = newMeta(dir)
	}
	if err != nil {
		unlock()
		return m, nil, refused(dir, err)
	}
	return m, unlock, nil
}

// refused returns the error of a directory that cannot be used.
func refused(dir string, err error) error {
	if permission := errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS); permission && !errors.Is(err, ErrDamaged) {
		err = fmt.Errorf("%w: %w", ErrNotWritable, err)
	}
	return fmt.Errorf("cannot use %q: %w", dir, err)
}

func readMeta(dir string) (m directoryMeta, err error) {
	text, err := os.ReadFile(filepath.Join(dir, metaName))
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fmt.Errorf("%w: its file %s is damaged: %w", ErrForeign, metaName, err)
	}
	if m.Mode != singleMode {
		return m, fmt.Errorf("%w: its file %s says mode %q, and to start a single server on it would delete its events: "+
			"back the stream up with the program it belongs to, and restore it into a directory of its own", ErrForeign, metaName, m.Mode)
	}
	if err := event.CheckEpoch(m.Epoch); err != nil {
		return m, fmt.Errorf("%w: its file %s is damaged: %w", ErrForeign, metaName, err)
	}
	return m, nil
}

// newMeta writes the meta file of an empty directory. A directory that holds
// anything else is refused: it may be a server's whose meta file is lost, or a
// user's home.
func newMeta(dir string) (m directoryMeta, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return m, err
	}
	for _, entry := range entries {
		if !slices.Contains([]string{lockName, metaName + ".new", "lost+found"}, entry.Name()) {
			return m, fmt.Errorf("%w: it has no file %s, and holds %q", ErrForeign, metaName, entry.Name())
		}
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return m, err
	}
	m = directoryMeta{Mode: singleMode, Epoch: eventlog.NewEpoch()}
	return m, writeMeta(dir, m)
}

func writeMeta(dir string, m directoryMeta) error {
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return durable.WriteFile(filepath.Join(dir, metaName), append(text, '\n'))
}
