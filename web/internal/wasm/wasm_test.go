package wasm

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/web/internal/gotool"
	"github.com/seawaykit/seaway/web/internal/strip"
)

// checkout makes a module with a page of one line its working directory.
func checkout(t *testing.T, main string) {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "go.mod"), "module example.com/page\n\ngo 1.26.0\n")
	write(t, filepath.Join(dir, "app", "main.go"), main)
	t.Setenv("GOWORK", "off")
	t.Chdir(dir)
}

const hello = "package main\n\nfunc main() { println(\"hello\") }\n"

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// options are those of a page without go-app.
var options = Options{Package: "./app", Out: "web/build", Work: "bin", Strip: true, Quality: 1}

// builds builds the page and returns what was printed.
func builds(t *testing.T, o Options) string {
	t.Helper()
	var out bytes.Buffer
	if err := Build(t.Context(), o, &out); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	return out.String()
}

func TestPageIsBuiltStepByStep(t *testing.T) {
	checkout(t, hello)
	write(t, "web/build/app.wasm", "an older page")
	printed := builds(t, options)
	for _, step := range []string{"page: compile ./app\n", "page: write web/build/app.wasm\n", "page: pack web/build/app.wasm\n", "(quality 1)\n"} {
		if !strings.Contains(printed, step) {
			t.Errorf("%q is not in what was printed:\n%s", step, printed)
		}
	}
	stripped, err := strip.Wasm(read(t, "bin/app.wasm"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(read(t, "web/build/app.wasm"), stripped) {
		t.Error("the page is not what was compiled, stripped")
	}
	holds(t, "web/build", "app.wasm", "app.wasm.br", "app.wasm.gz", "app.wasm.stamp")

	before, err := os.Stat("web/build/app.wasm")
	if err != nil {
		t.Fatal(err)
	}
	again := builds(t, options)
	after, err := os.Stat("web/build/app.wasm")
	if err != nil || !after.ModTime().Equal(before.ModTime()) || !os.SameFile(before, after) || !strings.Contains(again, "packed earlier") {
		t.Errorf("an equal page was written again, %v:\n%s", err, again)
	}
}

// holds compares what a directory holds.
func holds(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if !slices.Equal(names, want) {
		t.Errorf("%s holds %q, want %q", dir, names, want)
	}
}

func TestPageThatIsNotPackedLosesPackedForms(t *testing.T) {
	checkout(t, hello)
	for _, ending := range []string{".br", ".gz", ".stamp"} {
		write(t, "web/build/app.wasm"+ending, "of another page")
	}
	quick := options
	quick.Strip, quick.Quality = false, Unpacked
	builds(t, quick)
	compiled, err := strip.Join(read(t, "bin/app.wasm"))
	if err != nil || !bytes.Equal(read(t, "web/build/app.wasm"), compiled) {
		t.Errorf("the page is not what was compiled, in fewer pieces: %v", err)
	}
	holds(t, "web/build", "app.wasm")
}

func TestBudgetIsHeldOnEveryBuild(t *testing.T) {
	checkout(t, hello)
	tight := options
	tight.Budget = 1000
	for _, when := range []string{"packed just now", "packed earlier"} {
		if err := Build(t.Context(), tight, io.Discard); err == nil || !strings.Contains(err.Error(), "outgrown its budget") {
			t.Errorf("%s: got %v, want an error about the budget", when, err)
		}
	}
	tight.Budget = 1 << 30
	builds(t, tight)
}

func TestFailedBuildLeavesThePageAsItWas(t *testing.T) {
	checkout(t, "package main\n\nfunc main() { undefined() }\n")
	write(t, "web/build/app.wasm", "the last good page")
	failed := new(gotool.Error)
	if err := Build(t.Context(), options, io.Discard); !errors.As(err, &failed) || !strings.Contains(failed.Stderr, "app/main.go:3:15: undefined: undefined") {
		t.Errorf("got %v", err)
	}
	trimmed := options
	trimmed.Trim = true
	if err := Build(t.Context(), trimmed, io.Discard); err == nil || !strings.Contains(err.Error(), "there is nothing to trim") {
		t.Errorf("a page without go-app was trimmed: %v", err)
	}
	if got := string(read(t, "web/build/app.wasm")); got != "the last good page" {
		t.Errorf("the page is %q", got)
	}
}
