package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/seawaykit/seaway/web/packed"
)

// A builder builds both halves.
type builder struct {
	root, page, server string
	wasm               string // what the page becomes
	program            string // what the server becomes
}

// A failedBuild is what the compiler says.
type failedBuild struct{ text string }

func (f *failedBuild) Error() string { return f.text }

// build builds the page and the server around it, and returns what tells the
// program from others. The error is a [*failedBuild] if the sources are at fault.
//
// Both halves are compiled even if the first does not: who has renamed a field
// wants to see all places at once.
func (b builder) build(ctx context.Context) (id string, err error) {
	page := b.compile(ctx, b.wasm, b.page, "GOOS=js", "GOARCH=wasm")
	if err := b.unpack(); err != nil {
		return "", err
	}
	server := b.compile(ctx, b.program, b.server)
	if err := both(page, server); err != nil {
		return "", err
	}
	return digest(b.program)
}

func (b builder) compile(ctx context.Context, output, pkg string, env ...string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", output, pkg)
	cmd.Dir = b.root
	cmd.Env = append(append(os.Environ(), "CGO_ENABLED=0"), env...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	said, err := cmd.CombinedOutput()
	var failed *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &failed):
		return &failedBuild{strings.TrimSpace(string(said))}
	}
	return err
}

// unpack removes the packed forms of another page, which would only make the
// server larger.
func (b builder) unpack() error {
	endings := []string{packed.StampEnding}
	for _, c := range packed.Codings {
		endings = append(endings, c.Ending)
	}
	for _, ending := range endings {
		if err := os.Remove(filepath.Join(b.root, b.wasm) + ending); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// both joins two outcomes. What the compiler says about a shared package it says
// twice; once is enough.
func both(page, server error) error {
	var first, second *failedBuild
	if !errors.As(page, &first) || !errors.As(server, &second) {
		return errors.Join(page, server)
	}
	said := map[string]bool{}
	var text []string
	for line := range strings.Lines(first.text + "\n" + second.text) {
		if line = strings.TrimRight(line, "\n"); !said[line] {
			said[line] = true
			text = append(text, line)
		}
	}
	return &failedBuild{strings.Join(text, "\n")}
}

// digest is equal for equal programs, and a page that was served by one need not
// reload for the other.
func digest(program string) (string, error) {
	f, err := os.Open(program)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("%s: %w", program, err)
	}
	return hex.EncodeToString(h.Sum(nil)[:8]), nil
}
