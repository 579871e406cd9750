//go:build !race

package reactor

import (
	"syscall"
	"unsafe"
)

// rawWrite is write(2). It does not block, so the scheduler need not know of the call:
// with [syscall.Write] each delivery costs a twentieth more, and a thread is woken now and
// then to take the processor over.
func rawWrite(fd uintptr, p []byte) (int, syscall.Errno) {
	n, _, err := syscall.RawSyscall(syscall.SYS_WRITE, fd, uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)))
	return int(n), err
}
