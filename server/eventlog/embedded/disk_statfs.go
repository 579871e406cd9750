//go:build linux || darwin

package embedded

import "syscall"

// diskSpace returns the size of the file system that a directory is on, and how much
// of it is free.
func diskSpace(dir string) (size, free int64, known bool) {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err != nil {
		return 0, 0, false
	}
	return int64(fs.Blocks) * int64(fs.Bsize), int64(fs.Bavail) * int64(fs.Bsize), true
}
