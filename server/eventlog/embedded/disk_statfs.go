//go:build linux || darwin

package embedded

import "syscall"

// diskSize returns the size of the file system that a directory is on.
func diskSize(dir string) (size int64, known bool) {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err != nil {
		return 0, false
	}
	return int64(fs.Blocks) * int64(fs.Bsize), true
}
