package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/seawaykit/seaway/web/internal/gotool"
)

// kit is the module's path.
const kit = "github.com/seawaykit/seaway"

// A source is where a project gets the kit from.
type source struct {
	dir      string // the kit's files
	checkout bool   // dir is a checkout, and used by a replace directive
	version  string // v0.0.0 of a checkout
	sums     string // the lines of go.sum for the kit itself
}

// find returns the release that this program was built from, or the checkout that
// it is run in.
func find(ctx context.Context) (source, error) {
	info, ok := debug.ReadBuildInfo()
	// Only a module from a proxy has a sum.
	if ok && info.Main.Path == kit && info.Main.Sum != "" {
		return release(ctx, info.Main.Version)
	}
	out, err := command(ctx, ".", "list", "-m", "-f", "{{.Path}} {{.Dir}}")
	path, dir, _ := strings.Cut(strings.TrimSpace(string(out)), " ")
	if err != nil || path != kit {
		return source{}, fmt.Errorf("it is run as go run %s/web/new@latest, or in a checkout of the kit", kit)
	}
	return source{dir: dir, checkout: true, version: "v0.0.0"}, nil
}

// release returns the kit in the go command's cache, and downloads it if it is not
// there.
func release(ctx context.Context, version string) (source, error) {
	out, err := command(ctx, os.TempDir(), "mod", "download", "-json", kit+"@"+version)
	var m struct{ Dir, Sum, GoModSum, Error string }
	if unread := json.Unmarshal(out, &m); unread == nil && m.Error != "" {
		return source{}, errors.New(m.Error)
	}
	if err != nil {
		return source{}, err
	}
	sums := fmt.Sprintf("%s %s %s\n%[1]s %[2]s/go.mod %[4]s\n", kit, version, m.Sum, m.GoModSum)
	return source{dir: m.Dir, version: version, sums: sums}, nil
}

// requirements returns the kit's go.mod, and the checksums of everything that it
// requires.
func (s source) requirements(ctx context.Context) (m manifest, sums string, err error) {
	out, err := command(ctx, s.dir, "mod", "edit", "-json")
	if err != nil {
		return m, "", err
	}
	if err := json.Unmarshal(out, &m); err != nil {
		return m, "", fmt.Errorf("go mod edit -json: %w", err)
	}
	text, err := os.ReadFile(filepath.Join(s.dir, "go.sum"))
	return m, string(text) + s.sums, err
}

// command runs the go command, without a workspace. An error is one line.
func command(ctx context.Context, dir string, args ...string) ([]byte, error) {
	out, err := gotool.Command{Dir: dir, Env: []string{"GOWORK=off"}}.Output(ctx, args...)
	if failed := new(gotool.Error); errors.As(err, &failed) {
		return out, errors.New(failed.Reason())
	}
	return out, err
}
