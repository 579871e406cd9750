package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/seawaykit/seaway/web/internal/gotool"
	"github.com/seawaykit/seaway/web/internal/progress"
	"github.com/seawaykit/seaway/web/internal/wasm"
)

// A builder builds page and server, in the module's directory.
type builder struct {
	page, server string
	dir          string    // the directory of the built page
	program      string    // the file of the built server
	out          io.Writer // for the progress of what takes long
}

// A failedBuild is the output of the compiler.
type failedBuild struct{ text string }

func (f *failedBuild) Error() string { return f.text }

// build builds the page and the server around it, and returns a hash of the
// program. The error is a [*failedBuild] if the sources are at fault.
//
// Both are compiled even if the first fails: after renaming a field a developer
// wants to see all places at once.
func (b builder) build(ctx context.Context) (id string, err error) {
	page := b.compile("compile "+b.page, func() error {
		return wasm.Build(ctx, wasm.Options{Package: b.page, Out: b.dir, Work: "bin", Quality: wasm.Unpacked}, io.Discard)
	})
	server := b.compile("compile "+b.server, func() error {
		native := gotool.Command{Env: []string{"CGO_ENABLED=0"}}
		return gotool.Build{Command: native, Package: b.server, Output: b.program}.Run(ctx)
	})
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if err := joinBuildErrors(page, server); err != nil {
		return "", err
	}
	return digest(b.program)
}

// compile builds one of the two.
func (b builder) compile(what string, build func() error) error {
	stop := progress.Watch(b.out, "dev: "+what)
	defer stop()
	err := build()
	if failed := new(gotool.Error); errors.As(err, &failed) {
		return &failedBuild{failed.Stderr}
	}
	return err
}

// joinBuildErrors joins two errors. The compiler reports an error in a shared
// package for page and server; it is shown once.
func joinBuildErrors(page, server error) error {
	var first, second *failedBuild
	if !errors.As(page, &first) || !errors.As(server, &second) {
		return errors.Join(page, server)
	}
	seen := map[string]bool{}
	var text []string
	for line := range strings.Lines(first.text + "\n" + second.text) {
		if line = strings.TrimRight(line, "\n"); !seen[line] {
			seen[line] = true
			text = append(text, line)
		}
	}
	return &failedBuild{strings.Join(text, "\n")}
}

// digest returns a hash of a program. A page need not reload for an equal program.
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
