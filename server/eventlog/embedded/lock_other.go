//go:build !unix || solaris || aix

package embedded

import (
	"errors"
	"fmt"
)

// lock refuses: without it, two processes on one directory would lose events.
func lock(string) (unlock func(), err error) {
	return nil, fmt.Errorf("a directory cannot be locked on this system: %w", errors.ErrUnsupported)
}
