//go:build unix

package embedded

import (
	"os"

	"golang.org/x/sys/unix"
)

// accessible returns an error unless files in the directory can be listed, made
// and removed.
func accessible(dir string) error {
	if err := unix.Access(dir, unix.R_OK|unix.W_OK|unix.X_OK); err != nil {
		return &os.PathError{Op: "access", Path: dir, Err: err}
	}
	return nil
}
