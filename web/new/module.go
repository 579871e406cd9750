package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// tools are the kit's programs that a project runs: what they need belongs to
// its requirements.
var tools = []string{kit + "/web/dev", kit + "/web/pack", kit + "/web/strip", kit + "/web/trim"}

// A manifest is a go.mod, as the go command tells it.
type manifest struct {
	Go      string
	Require []requirement
}

type requirement struct{ Path, Version string }

// locate returns the checkout of the kit, in which the command is run.
func locate() (string, error) {
	out, err := command(".", nil, "list", "-m", "-f", "{{.Path}} {{.Dir}}")
	path, dir, _ := strings.Cut(strings.TrimSpace(string(out)), " ")
	if err != nil || path != kit {
		return "", errors.New("it is run in a checkout of " + kit)
	}
	return dir, nil
}

// require writes go.mod and go.sum: the kit, what it needs of others at the
// versions that it was tested with, and nothing that only its own tests need.
// `go mod tidy` would do it as well, but wants what the tests of all those
// modules need, from the network.
func require(dir, name, checkout string) error {
	if _, err := command(dir, nil, "mod", "init", name); err != nil {
		return err
	}
	out, err := command(checkout, nil, "mod", "edit", "-json")
	if err != nil {
		return err
	}
	var m manifest
	if err := json.Unmarshal(out, &m); err != nil {
		return fmt.Errorf("go mod edit -json: %w", err)
	}
	sums, err := os.ReadFile(filepath.Join(checkout, "go.sum"))
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "go.sum"), sums, 0o644); err != nil {
		return err
	}
	file := filepath.Join(dir, "go.mod")
	if err := os.WriteFile(file, m.text(name, checkout, nil), 0o644); err != nil {
		return err
	}
	used, err := modules(dir)
	if err != nil {
		return err
	}
	m.Require = slices.DeleteFunc(m.Require, func(r requirement) bool { return !used[r.Path] })
	direct, err := imported(dir)
	if err != nil {
		return err
	}
	return os.WriteFile(file, m.text(name, checkout, direct), 0o644)
}

// text returns the project's go.mod. direct are the modules whose packages it
// imports itself.
func (m manifest) text(name, checkout string, direct map[string]bool) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "module %s\n\ngo %s\n\n", name, m.Go)
	fmt.Fprintf(&b, "// Until the kit is released, a project uses a checkout of it.\nreplace %s => %s\n\n", kit, checkout)
	fmt.Fprintf(&b, "require (\n")
	m.lines(&b, func(r requirement) bool { return direct[r.Path] }, "")
	fmt.Fprintf(&b, "\t%s v0.0.0\n", kit)
	fmt.Fprintf(&b, ")\n\nrequire (\n")
	m.lines(&b, func(r requirement) bool { return !direct[r.Path] }, " // indirect")
	fmt.Fprintf(&b, ")\n\ntool (\n")
	for _, t := range tools {
		fmt.Fprintf(&b, "\t%s\n", t)
	}
	fmt.Fprintf(&b, ")\n")
	return b.Bytes()
}

func (m manifest) lines(b *bytes.Buffer, which func(requirement) bool, comment string) {
	for _, r := range m.Require {
		if which(r) {
			fmt.Fprintf(b, "\t%s %s%s\n", r.Path, r.Version, comment)
		}
	}
}

// modules returns what the project is linked and tested with, on both platforms.
func modules(dir string) (map[string]bool, error) {
	const path = "{{with .Module}}{{.Path}}{{end}}"
	native := append([]string{"list", "-deps", "-f", path, "./..."}, tools...)
	used := map[string]bool{}
	for _, c := range []struct{ env, args []string }{
		{nil, native},
		{nil, []string{"list", "-deps", "-test", "-f", path, "./..."}},
		{[]string{"GOOS=js", "GOARCH=wasm"}, []string{"list", "-deps", "-f", path, "./app"}},
	} {
		out, err := command(dir, c.env, c.args...)
		if err != nil {
			return nil, err
		}
		for _, m := range strings.Fields(string(out)) {
			used[m] = true
		}
	}
	return used, nil
}

// imported returns the modules of the packages that the project imports itself.
func imported(dir string) (map[string]bool, error) {
	out, err := command(dir, nil, "list", "-f", `{{join .Imports " "}}`, "./...")
	if err != nil {
		return nil, err
	}
	args := append([]string{"list", "-f", "{{with .Module}}{{.Path}}{{end}}"}, strings.Fields(string(out))...)
	if out, err = command(dir, nil, args...); err != nil {
		return nil, err
	}
	direct := map[string]bool{}
	for _, m := range strings.Fields(string(out)) {
		direct[m] = true
	}
	return direct, nil
}

// command runs the go command and returns what it prints. An error is the first
// line that says why: advice may follow, and news of downloads may come before.
func command(dir string, env []string, args ...string) ([]byte, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "GOWORK=off"), env...)
	out, err := cmd.Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		said := slices.DeleteFunc(strings.Split(string(failed.Stderr), "\n"), func(line string) bool {
			return line == "" || strings.HasPrefix(line, "go: downloading ")
		})
		return nil, fmt.Errorf("go %s: %s", args[0], strings.TrimPrefix(append(said, err.Error())[0], "go: "))
	}
	return out, err
}
