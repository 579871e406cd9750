//go:build unix && !solaris && !aix

package embedded

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
)

// lock takes the lock file, which stays where it is: to remove it would let two
// processes hold two files of the same name. The system lets go of it when the
// process ends, however it ends.
func lock(path string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("%w (process %s)", ErrLocked, holder(path))
		}
		return nil, &os.PathError{Op: "lock", Path: path, Err: err}
	}
	// For whoever looks, not for the lock: failing to write is no harm.
	if f.Truncate(0) == nil {
		fmt.Fprintln(f, os.Getpid())
	}
	return func() { f.Close() }, nil
}

// holder returns what the lock file says about who has it.
func holder(path string) string {
	text, err := os.ReadFile(path)
	if pid := strings.TrimSpace(string(text)); err == nil && pid != "" {
		return pid
	}
	return "unknown"
}
