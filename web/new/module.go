package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A manifest is a go.mod, as the go command prints it.
type manifest struct {
	Go      string
	Require []requirement
}

type requirement struct{ Path, Version string }

// require writes the project's go.mod and go.sum: the kit, the other modules that
// the project is linked with, at the kit's versions, and nothing that only the
// kit's tests need. `go mod tidy` would need the test dependencies of all these
// modules, from the network.
func require(ctx context.Context, dir, name string, k kind, s source) error {
	m, sums, err := s.requirements(ctx)
	if err != nil {
		return err
	}
	if _, err := command(ctx, dir, "mod", "init", name); err != nil { // go mod init checks the name
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "go.sum"), []byte(sums), 0o644); err != nil {
		return err
	}
	gomod := filepath.Join(dir, "go.mod")
	// With all requirements of the kit, the go command can list those that are used.
	if err := os.WriteFile(gomod, m.text(name, k, s, nil), 0o644); err != nil {
		return err
	}
	used, err := linked(ctx, dir, k)
	if err != nil {
		return err
	}
	m.Require = slices.DeleteFunc(m.Require, func(r requirement) bool { return !used[r.Path] })
	imports, err := imported(ctx, dir)
	if err != nil {
		return err
	}
	return os.WriteFile(gomod, m.text(name, k, s, imports), 0o644)
}

// text returns the project's go.mod. imports are the imports of its own packages.
func (m manifest) text(name string, k kind, s source, imports []string) []byte {
	direct, indirect := []string{kit + " " + s.version}, []string(nil)
	for _, r := range m.Require {
		line := r.Path + " " + r.Version
		if slices.ContainsFunc(imports, func(i string) bool { return strings.HasPrefix(i+"/", r.Path+"/") }) {
			direct = append(direct, line)
		} else {
			indirect = append(indirect, line+" // indirect")
		}
	}
	slices.Sort(direct)
	slices.Sort(indirect)
	text := fmt.Sprintf("module %s\n\ngo %s\n", name, m.Go)
	if s.checkout {
		text += fmt.Sprintf("\n// A project that is made in a checkout of the kit uses that.\nreplace %s => %s\n", kit, s.dir)
	}
	return []byte(text + block("require", direct) + block("require", indirect) + block("tool", k.tools))
}

// block returns lines of a go.mod as the go command formats them.
func block(verb string, lines []string) string {
	switch len(lines) {
	case 0:
		return ""
	case 1:
		return "\n" + verb + " " + lines[0] + "\n"
	}
	return "\n" + verb + " (\n\t" + strings.Join(lines, "\n\t") + "\n)\n"
}

// linked returns the modules that the project, its tests and its tools are linked
// with.
func linked(ctx context.Context, dir string, k kind) (map[string]bool, error) {
	const path = "{{with .Module}}{{.Path}}{{end}}"
	used := map[string]bool{}
	for _, args := range [][]string{{"-deps", "-test", "-f", path, "./..."}, append([]string{"-deps", "-f", path, "./..."}, k.tools...)} {
		out, err := command(ctx, dir, append([]string{"list"}, args...)...)
		if err != nil {
			return nil, err
		}
		for _, m := range strings.Fields(string(out)) {
			used[m] = true
		}
	}
	return used, nil
}

// imported returns the imports of the project's own packages.
func imported(ctx context.Context, dir string) ([]string, error) {
	out, err := command(ctx, dir, "list", "-f", `{{join .Imports " "}} {{join .TestImports " "}}`, "./...")
	return strings.Fields(string(out)), err
}
