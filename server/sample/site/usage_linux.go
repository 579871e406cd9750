package site

import (
	"bytes"
	"os"
	"strconv"
	"syscall"
	"time"
)

// cpuTime returns the processor time that the process has used.
func cpuTime() time.Duration {
	var used syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &used) != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// residentMemory returns how many bytes of memory the process takes.
func residentMemory() int64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	const resident = 1 // the field of proc_pid_statm(5)
	if f := bytes.Fields(text); len(f) > resident {
		pages, _ := strconv.ParseInt(string(f[resident]), 10, 64)
		return pages * int64(os.Getpagesize())
	}
	return 0
}
