package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// fillEvents is how many events a log has on which a start and resumes are measured.
const fillEvents = 1_000_000

// A filled is the directory of a log of fillEvents events.
type filled struct {
	dir    string
	middle string // the id of the event in the middle
}

// fill returns a log that the program fill has made, the same one each time.
func (b *bench) fill(ctx context.Context) (*filled, error) {
	if b.filled != nil {
		return b.filled, nil
	}
	dir, err := os.MkdirTemp("", "seaway-bench-")
	if err != nil {
		return nil, fmt.Errorf("a directory for the log: %w", err)
	}
	out, err := exec.CommandContext(ctx, b.programs.fill, "-events", fmt.Sprint(fillEvents), dir).Output()
	if err != nil {
		os.RemoveAll(dir)
		return nil, fmt.Errorf("%s: %w", b.programs.fill, err)
	}
	b.filled = &filled{dir, strings.TrimSpace(string(out))}
	return b.filled, nil
}

// removeFilled removes the log.
func (b *bench) removeFilled() {
	if b.filled != nil {
		os.RemoveAll(b.filled.dir)
	}
}
