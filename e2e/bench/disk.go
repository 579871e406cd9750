package main

import (
	"bytes"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// syncsPerSecond returns how often a second the disk below dir makes one more record of
// a file durable.
func syncsPerSecond(dir string, d time.Duration) (float64, error) {
	f, err := os.Create(filepath.Join(dir, "syncs"))
	if err != nil {
		return 0, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	n, begun := 0, time.Now()
	for record := bytes.Repeat([]byte{'x'}, 300); time.Since(begun) < d; n++ {
		if _, err := f.Write(record); err != nil {
			return 0, err
		}
		if err := unix.Fdatasync(int(f.Fd())); err != nil {
			return 0, err
		}
	}
	return float64(n) / time.Since(begun).Seconds(), nil
}
