package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// goFiles returns the Go files of a template that are not tests, and their lines.
func goFiles(t *testing.T, k kind) (files map[string][]byte, lines int) {
	t.Helper()
	files = map[string][]byte{}
	for _, dir := range k.files {
		err := fs.WalkDir(templates, dir, func(name string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
				return err
			}
			text, err := templates.ReadFile(name)
			files[strings.TrimPrefix(name, dir)] = text
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, text := range files {
		lines += strings.Count(string(text), "\n")
	}
	return files, lines
}

func TestTemplatesAreShort(t *testing.T) {
	if files, lines := goFiles(t, withWasm); lines > 150 || len(files) != 5 {
		t.Errorf("a project has %d lines of Go in %d files, want at most 150 in 5", lines, len(files))
	}
	if files, lines := goFiles(t, withSignIn); lines > 360 || len(files) != 7 {
		t.Errorf("a project with users has %d lines of Go in %d files, want at most 360 in 7", lines, len(files))
	}
	if files, lines := goFiles(t, withoutWasm); lines > 45 || len(files) != 1 {
		t.Errorf("a plain project has %d lines of Go in %d files, want at most 45 in 1", lines, len(files))
	}
}

func TestTemplateImportsFivePackagesOfTheKit(t *testing.T) {
	files, _ := goFiles(t, withWasm)
	var own []string
	for name, text := range files {
		syntax, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range syntax.Imports {
			path, err := strconv.Unquote(s.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if below, ok := strings.CutPrefix(path, kit+"/"); ok {
				own = append(own, below)
			}
		}
	}
	slices.Sort(own)
	if own = slices.Compact(own); !slices.Equal(own, []string{"app/live", "server/live", "shared/command", "shared/event", "shared/state"}) {
		t.Errorf("a project imports %q of the kit", own)
	}
}

// An EventSource closes for good after an answer that is not a stream: the page
// opens a new one. It also handles a reset.
func TestPlainPageHandlesWhatAnEventSourceLeavesOpen(t *testing.T) {
	page, err := templates.ReadFile("_plain/index.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`new EventSource("/events?`, `addEventListener("said"`, `addEventListener("reset"`, "EventSource.CLOSED"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("the page does not hold %s", want)
		}
	}
}
