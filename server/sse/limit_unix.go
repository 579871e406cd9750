//go:build unix

package sse

import "syscall"

// fileLimit returns how many files this process may have open. Go raises the
// soft limit to the hard one when a program starts.
func fileLimit() int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return typicalLimit
	}
	return int(min(uint64(limit.Cur), 1<<30)) // "unlimited" is larger than an int
}
