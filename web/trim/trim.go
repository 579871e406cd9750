package main

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// trim makes the copy of go-app for a page in dir, checks it, and says what it
// did.
func trim(pkg, dir string) (string, error) {
	untrimmed, err := list(pkg, "")
	if err != nil {
		return "", err
	}
	library := untrimmed.library()
	if len(library) == 0 {
		return "", fmt.Errorf("%s does not import %s: there is nothing to trim", pkg, goApp)
	}
	goapp := library[0].Module
	cuts, err := chosen(untrimmed)
	if err != nil {
		return "", err
	}
	files, err := copied(library, cuts)
	if err != nil {
		return "", misfit(goapp, err)
	}
	if err := files.modules(goapp, dir); err != nil {
		return "", err
	}
	written, err := files.write(dir)
	if err != nil {
		return "", err
	}
	if err := check(pkg, filepath.Join(dir, mark), library); err != nil {
		return "", err
	}
	return fmt.Sprintf("%s: go-app %s in %d files, %d of them new", dir, goapp.Version, len(files), written), nil
}

// misfit is the error of a go-app that is not as it was when cut.go was written.
func misfit(m *module, err error) error {
	return fmt.Errorf("go-app %s cannot be trimmed: %w\n"+
		"web/trim/cut.go says what is left out; until it fits, make build TRIM=0 builds the page with go-app as it is", m.Version, err)
}

// chosen returns what this page can do without.
func chosen(p page) ([]cut, error) {
	routes, err := p.mentions(byPattern)
	if err != nil || routes {
		return server, err
	}
	return slices.Concat(server, patterns), nil
}

// copied returns go-app's files after the cuts, each of which must have hit.
func copied(library page, cuts []cut) (tree, error) {
	t := tree{}
	for _, l := range library {
		below := strings.TrimPrefix(l.ImportPath, goApp+"/")
		for _, name := range l.GoFiles {
			text, err := os.ReadFile(filepath.Join(l.Dir, name))
			if err != nil {
				return nil, err
			}
			t[path.Join(below, name)] = text
		}
	}
	for _, c := range cuts {
		text, ok := t[c.file]
		if !ok {
			return nil, fmt.Errorf("it has no file %s", c.file)
		}
		rest, err := c.apply(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.file, err)
		}
		if t[c.file] = rest; rest == nil {
			delete(t, c.file)
		}
		t.standIn(c)
	}
	return t, nil
}

// standIn adds the packages that a cut has put in the place of others.
func (t tree) standIn(c cut) {
	for _, pkg := range c.instead {
		for name, text := range standIns {
			if goApp+"/"+path.Dir(name) == pkg {
				t[name] = []byte(text)
			}
		}
	}
}

// check compiles the copy and looks through all that the page is linked from.
func check(pkg, modfile string, library page) error {
	var packages []string
	for _, l := range library {
		packages = append(packages, l.ImportPath)
	}
	if _, err := browser("build", modfile, packages...); err != nil {
		return misfit(library[0].Module, fmt.Errorf("the rest does not compile: %w", err))
	}
	trimmed, err := list(pkg, modfile)
	if err != nil {
		return err
	}
	way := trimmed.way("net/http")
	if way == nil {
		return nil
	}
	err = fmt.Errorf("the page holds net/http: %s", strings.Join(way, " imports "))
	if slices.ContainsFunc(way, func(p string) bool { return strings.HasPrefix(p, goApp+"/") }) {
		return misfit(library[0].Module, err)
	}
	return err
}
