package process

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// A Usage is what a process has used so far, and what it holds now.
type Usage struct {
	// CPU is the time on a core, in user and kernel mode, in steps of 10 ms.
	CPU time.Duration

	// RSS is the resident memory in bytes. What the kernel holds for sockets is
	// not in it.
	RSS int64

	Peak int64 // the most that RSS has been

	Threads int
	Files   int // open descriptors
}

// Usage reads the process's accounts.
func (p *Process) Usage() (Usage, error) { return read(p.cmd.Process.Pid) }

// Own reads the accounts of the program that calls it.
func Own() (Usage, error) { return read(os.Getpid()) }

func read(pid int) (Usage, error) {
	dir := filepath.Join("/proc", strconv.Itoa(pid))
	stat, err := os.ReadFile(filepath.Join(dir, "stat"))
	if err != nil {
		return Usage{}, fmt.Errorf("process: %w", err)
	}
	files, err := os.ReadDir(filepath.Join(dir, "fd"))
	if err != nil {
		return Usage{}, fmt.Errorf("process: %w", err)
	}
	// The name, in parentheses, may hold anything. What follows it is numbered
	// from field 3 in proc(5).
	_, after, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(after)
	var numbers [22]int64
	for i := range numbers {
		if 3+i == stateField {
			continue
		}
		if numbers[i], err = strconv.ParseInt(fields[i], 10, 64); err != nil {
			return Usage{}, fmt.Errorf("process: %s/stat: %w", dir, err)
		}
	}
	field := func(n int) int64 { return numbers[n-3] }
	peak, err := peakOf(dir)
	if err != nil {
		return Usage{}, err
	}
	return Usage{
		Peak:    peak,
		CPU:     time.Duration(field(utimeField)+field(stimeField)) * time.Second / ticks,
		RSS:     field(rssField) * int64(os.Getpagesize()),
		Threads: int(field(threadsField)),
		Files:   len(files),
	}, nil
}

// Fields of /proc/PID/stat, as proc(5) numbers them.
const (
	stateField   = 3
	utimeField   = 14
	stimeField   = 15
	threadsField = 20
	rssField     = 24

	ticks = 100 // a second: USER_HZ, the same on every Linux that Go runs on
)

// peakOf reads VmHWM, which is in KiB.
func peakOf(dir string) (int64, error) {
	status, err := os.ReadFile(filepath.Join(dir, "status"))
	if err != nil {
		return 0, fmt.Errorf("process: %w", err)
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	kib, err := strconv.ParseInt(strings.Fields(after + " 0")[0], 10, 64)
	if err != nil {
		return 0, fmt.Errorf("process: %s/status: %w", dir, err)
	}
	return kib << 10, nil
}
