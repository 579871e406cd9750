package trim

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seawaykit/seaway/web/internal/gotool"
)

// A Copy is the result of [Page].
type Copy struct {
	Modfile string // what the page is built with, by go build -modfile
	Version string // of go-app
	Files   int    // how many files the copy has
	Written int    // how many of them had to be written
}

// Page copies go-app for a page to dir, which must be in the page's module, and
// checks the copy.
func Page(ctx context.Context, pkg, dir string) (Copy, error) {
	untrimmed, err := list(ctx, pkg, "")
	if err != nil {
		return Copy{}, err
	}
	library := untrimmed.library()
	if len(library) == 0 {
		return Copy{}, fmt.Errorf("%s does not import %s: there is nothing to trim", pkg, goApp)
	}
	root, err := gotool.Root(ctx)
	if err != nil {
		return Copy{}, err
	}
	goapp := library[0].Module
	if err := goapp.verify(filepath.Join(root, "go.sum")); err != nil {
		return Copy{}, err
	}
	chosen, err := untrimmed.savings()
	if err != nil {
		return Copy{}, err
	}
	files, err := copied(library, chosen)
	if err != nil {
		return Copy{}, misfit(goapp, err)
	}
	if err := files.modules(ctx, goapp, root, dir); err != nil {
		return Copy{}, err
	}
	written, err := files.write(dir)
	if err != nil {
		return Copy{}, err
	}
	c := Copy{Modfile: filepath.Join(dir, markerFile), Version: goapp.Version, Files: len(files), Written: written}
	return c, check(ctx, pkg, c.Modfile, library, chosen)
}

// misfit returns the error for a go-app that differs from what cut.go expects.
func misfit(m *module, err error) error {
	return fmt.Errorf("go-app %s cannot be trimmed: %w\n"+
		"until web/page can do it, its -trim=false builds the page with go-app as it is", m.Version, err)
}

// savings returns the savings that this page allows.
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

// copied returns go-app's files after the cuts, each of which must have removed
// something.
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

// cut applies one cut.
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

// standIn adds the replacement packages of a cut.
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

// check compiles the copy and checks the packages that the page is linked from. A
// page may import itself what was cut from go-app, except for net/http.
func check(ctx context.Context, pkg, modfile string, library page, chosen []saving) error {
	goapp := library[0].Module
	var packages []string
	for _, l := range library {
		packages = append(packages, l.ImportPath)
	}
	if _, err := browser(ctx, "build", modfile, packages...); err != nil {
		return misfit(goapp, fmt.Errorf("the rest does not compile: %w", err))
	}
	trimmed, err := list(ctx, pkg, modfile)
	if err != nil {
		return err
	}
	for _, dropped := range drops(chosen) {
		way := trimmed.importChain(dropped)
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
