//go:build race

package reactor

import "syscall"

// rawWrite is package syscall's: by that the race detector knows that who reads the bytes
// comes after who wrote them.
func rawWrite(fd uintptr, p []byte) (int, syscall.Errno) {
	n, err := syscall.Write(int(fd), p)
	errno, _ := err.(syscall.Errno)
	return n, errno
}
