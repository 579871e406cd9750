package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// modules adds the copy's own go.mod, which is go-app's, and the two files with
// which the page's module uses the copy, which is in dir.
func (t tree) modules(goapp *module, dir string) (err error) {
	if t["go.mod"], err = os.ReadFile(goapp.GoMod); err != nil {
		return err
	}
	main, err := mainModule()
	if err != nil {
		return err
	}
	replacement, err := below(main, dir)
	if err != nil {
		return err
	}
	if t[mark], err = replaced(filepath.Join(main, "go.mod"), replacement); err != nil {
		return err
	}
	t["page.sum"], err = os.ReadFile(filepath.Join(main, "go.sum"))
	if errors.Is(err, os.ErrNotExist) { // a module whose dependencies are all local
		t["page.sum"], err = nil, nil
	}
	return err
}

// mainModule returns the directory of the module that the page belongs to.
func mainModule() (string, error) {
	out, err := browser("env", "", "GOMOD")
	if err != nil {
		return "", err
	}
	file := strings.TrimSpace(string(out))
	if filepath.Base(file) != "go.mod" {
		return "", errors.New("this directory is in no module")
	}
	return filepath.Dir(file), nil
}

// below returns dir as a replacement in the go.mod of a module. The wasm names
// it, so it may not depend on where the module is.
func below(main, dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	rel, err := filepath.Rel(main, abs)
	if err != nil {
		return "", err
	}
	if !filepath.IsLocal(rel) || rel == "." {
		return "", fmt.Errorf("%s is not below the module's directory, %s", dir, main)
	}
	return "./" + filepath.ToSlash(rel), nil
}

// replaced returns the text of a go.mod with go-app replaced.
func replaced(gomod, replacement string) ([]byte, error) {
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
	if out, err := exec.Command("go", "mod", "edit", "-replace="+goApp+"="+replacement, scratch.Name()).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go mod edit: %w\n%s", err, out)
	}
	return os.ReadFile(scratch.Name())
}
