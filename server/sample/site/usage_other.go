//go:build !linux

package site

import (
	"runtime/metrics"
	"time"
)

// cpuTime returns the processor time that the process has used, as the Go
// runtime knows it: it counts what it runs itself, and brings that up to date
// at each garbage collection.
func cpuTime() time.Duration {
	s := []metrics.Sample{{Name: "/cpu/classes/total:cpu-seconds"}, {Name: "/cpu/classes/idle:cpu-seconds"}}
	metrics.Read(s)
	return time.Duration((s[0].Value.Float64() - s[1].Value.Float64()) * float64(time.Second))
}

// residentMemory returns how many bytes of memory the Go runtime has, which is
// nearly all that the process takes.
func residentMemory() int64 {
	s := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(s)
	return int64(s[0].Value.Uint64() - s[1].Value.Uint64())
}
