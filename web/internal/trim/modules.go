package trim

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/seawaykit/seaway/web/internal/gotool"
)

// modules adds go-app's go.mod to the copy in dir, and the two files by which the
// page's module, in root, uses the copy.
func (t tree) modules(ctx context.Context, goapp *module, root, dir string) (err error) {
	if t["go.mod"], err = os.ReadFile(goapp.GoMod); err != nil {
		return err
	}
	replacement, err := below(root, dir)
	if err != nil {
		return err
	}
	if t[markerFile], err = replaced(ctx, filepath.Join(root, "go.mod"), replacement); err != nil {
		return err
	}
	t["page.sum"], err = os.ReadFile(filepath.Join(root, "go.sum"))
	if errors.Is(err, os.ErrNotExist) { // a module whose dependencies are all local
		t["page.sum"], err = nil, nil
	}
	return err
}

// below returns dir as a replacement path in the go.mod of a module. The wasm
// contains it, so it must not depend on where the module is.
func below(root, dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	rel, err := filepath.Rel(root, abs)
	if err != nil {
		return "", err
	}
	if !filepath.IsLocal(rel) || rel == "." {
		return "", fmt.Errorf("%s is not below the module's directory, %s", dir, root)
	}
	return "./" + filepath.ToSlash(rel), nil
}

// replaced returns the text of a go.mod with go-app replaced.
func replaced(ctx context.Context, gomod, replacement string) ([]byte, error) {
	scratch, err := os.CreateTemp("", "*.mod")
	if err != nil {
		return nil, err
	}
	defer os.Remove(scratch.Name())
	defer scratch.Close()
	text, err := os.ReadFile(gomod)
	if err != nil {
		return nil, err
	}
	if _, err := scratch.Write(text); err != nil {
		return nil, err
	}
	if _, err := (gotool.Command{}).Output(ctx, "mod", "edit", "-replace="+goApp+"="+replacement, scratch.Name()); err != nil {
		return nil, err
	}
	return os.ReadFile(scratch.Name())
}
