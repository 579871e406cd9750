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
	chosen, err := untrimmed.savings()
	if err != nil {
		return "", err
	}
	files, err := copied(library, chosen)
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
	if err := check(pkg, filepath.Join(dir, mark), library, chosen); err != nil {
		return "", err
	}
	return fmt.Sprintf("%s: go-app %s in %d files, %d of them new", dir, goapp.Version, len(files), written), nil
}

// misfit is the error of a go-app that is not as it was when cut.go was written.
func misfit(m *module, err error) error {
	return fmt.Errorf("go-app %s cannot be trimmed: %w\n"+
		"web/trim/cut.go says what is left out; until it fits, make build TRIM=0 builds the page with go-app as it is", m.Version, err)
}

// savings returns what this page can do without.
func (p page) savings() (chosen []saving, err error) {
	for _, s := range savings {
		needed := false
		for _, name := range s.unless {
			mentioned, err := p.mentions(name)
			if err != nil {
				return nil, err
			}
			needed = needed || mentioned
		}
		if !needed {
			chosen = append(chosen, s)
		}
	}
	return chosen, nil
}

// copied returns go-app's files after the cuts, each of which must have hit.
func copied(library page, chosen []saving) (tree, error) {
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
	for _, s := range chosen {
		for _, c := range s.cuts {
			if err := t.cut(c); err != nil {
				return nil, err
			}
		}
	}
	return t, nil
}

// cut makes one cut.
func (t tree) cut(c cut) error {
	text, ok := t[c.file]
	if !ok {
		return fmt.Errorf("it has no file %s", c.file)
	}
	rest, err := c.apply(text)
	if err != nil {
		return fmt.Errorf("%s: %w", c.file, err)
	}
	if t[c.file] = rest; rest == nil {
		delete(t, c.file)
	}
	return t.standIn(c)
}

// standIn adds the packages that a cut has put in the place of others.
func (t tree) standIn(c cut) error {
	for _, pkg := range c.instead {
		name := path.Base(pkg)
		files, err := standIns.ReadDir("standin/" + name)
		if err != nil {
			return err
		}
		for _, file := range files {
			text, err := standIns.ReadFile("standin/" + name + "/" + file.Name())
			if err != nil {
				return err
			}
			t["pkg/"+name+"/"+file.Name()] = text
		}
	}
	return nil
}

// check compiles the copy and looks through all that the page is linked from. A
// page may import for itself what go-app is rid of, but for net/http.
func check(pkg, modfile string, library page, chosen []saving) error {
	goapp := library[0].Module
	var packages []string
	for _, l := range library {
		packages = append(packages, l.ImportPath)
	}
	if _, err := browser("build", modfile, packages...); err != nil {
		return misfit(goapp, fmt.Errorf("the rest does not compile: %w", err))
	}
	trimmed, err := list(pkg, modfile)
	if err != nil {
		return err
	}
	for _, dropped := range drops(chosen) {
		way := trimmed.way(dropped)
		if way == nil {
			continue
		}
		err := fmt.Errorf("the page holds %s: %s", dropped, strings.Join(way, " imports "))
		switch guilty := slices.ContainsFunc(way, func(p string) bool { return strings.HasPrefix(p, goApp+"/") }); {
		case guilty:
			return misfit(goapp, err)
		case dropped == netHTTP:
			return err
		}
	}
	return nil
}

func drops(chosen []saving) (packages []string) {
	for _, s := range chosen {
		packages = append(packages, s.drops...)
	}
	return packages
}
