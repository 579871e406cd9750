package e2e_test

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

const (
	kit     = "github.com/seawaykit/seaway"
	release = "v0.9.0" // of a kit that the test releases
)

// An elsewhere is a place without a checkout of the kit: an empty directory, a
// module proxy that has the kit as a release, and a module cache of its own.
type elsewhere struct {
	t   *testing.T
	dir string
	env []string
}

// goElsewhere releases the kit as it is in the working tree.
func goElsewhere(t *testing.T) *elsewhere {
	t.Helper()
	cache := strings.TrimSpace(output(t, exec.Command("go", "env", "GOMODCACHE")))
	proxy, own := t.TempDir(), t.TempDir()
	releaseKit(t, filepath.Join(proxy, filepath.FromSlash(kit), "@v"))
	e := &elsewhere{t: t, dir: t.TempDir(), env: append(os.Environ(), "MAKEFLAGS=", "MAKELEVEL=0", "GOWORK=off", "GOSUMDB=off",
		"GOMODCACHE="+own, "GOPROXY=file://"+filepath.ToSlash(proxy)+",file://"+filepath.ToSlash(cache)+"/cache/download")}
	// The go command makes its cache read-only, and has a verb to remove it.
	t.Cleanup(func() { e.run(e.dir, "go", "clean", "-modcache") })
	return e
}

// releaseKit writes what a module proxy has of a version.
func releaseKit(t *testing.T, dir string) {
	t.Helper()
	gomod, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "list"), release+"\n")
	write(t, filepath.Join(dir, release+".info"), `{"Version":"`+release+`"}`)
	write(t, filepath.Join(dir, release+".mod"), string(gomod))
	archive, err := os.Create(filepath.Join(dir, release+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	// As the go command does, this leaves out modules that lie in the kit's directory.
	if err := zip.Create(archive, module.Version{Path: kit, Version: release}, kitFiles(t)); err != nil {
		t.Fatal(err)
	}
}

// kitFiles returns the files that git has, or would have if they were added.
func kitFiles(t *testing.T) (files []zip.File) {
	t.Helper()
	list := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = ".."
	for name := range strings.SplitSeq(strings.TrimSuffix(output(t, list), "\x00"), "\x00") {
		if _, err := os.Lstat(filepath.Join("..", name)); err == nil { // git has some that were deleted
			files = append(files, kitFile(name))
		}
	}
	return files
}

// A kitFile is named below the kit's directory, with slashes.
type kitFile string

func (f kitFile) Path() string                 { return string(f) }
func (f kitFile) Lstat() (os.FileInfo, error)  { return os.Lstat(filepath.Join("..", string(f))) }
func (f kitFile) Open() (io.ReadCloser, error) { return os.Open(filepath.Join("..", string(f))) }

// run runs a command in a directory.
func (e *elsewhere) run(dir string, args ...string) string {
	e.t.Helper()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir, cmd.Env = dir, e.env
	return output(e.t, cmd)
}

// output returns what a command prints, and fails with all of it.
func output(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	var out, all safeBuffer
	cmd.Stdout, cmd.Stderr = io.MultiWriter(&out, &all), &all
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", cmd, err, all.String())
	}
	return out.String()
}

// makeNew makes a project and returns its directory.
func (e *elsewhere) makeNew(args ...string) (dir string) {
	e.t.Helper()
	dir = filepath.Join(e.t.TempDir(), "project")
	e.run(e.dir, append(append([]string{"go", "run", kit + "/web/new@" + release}, args...), dir)...)
	gomod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil || strings.Contains(string(gomod), "replace") || !strings.Contains(string(gomod), kit+" "+release+"\n") {
		e.t.Errorf("%v, go.mod is\n%s", err, gomod)
	}
	if left, err := os.ReadDir(e.dir); err != nil || len(left) > 0 {
		e.t.Errorf("something was left in the directory in which it was made: %v, %v", left, err)
	}
	return dir
}

func TestProjectFromAModuleProxyIsLiveThroughAKill(t *testing.T) {
	t.Parallel()
	e := goElsewhere(t)
	dir := e.makeNew("example.org/somebody/notes")
	e.run(dir, "make", "test")
	built := e.run(dir, "make", "build", "QUALITY=1")
	for _, step := range []string{"trim go-app", "compile ./app", "write web/build/app.wasm", "pack web/build/app.wasm"} {
		if !strings.Contains(built, "page: "+step+"\n") {
			t.Errorf("the step %q is not in what was printed:\n%s", step, built)
		}
	}
	// The budget of a project's page is 1,050,000 bytes of brotli at its best, of which
	// gzip makes 1.40 times as many, and is quicker.
	if packed, err := os.Stat(filepath.Join(dir, "web", "build", "app.wasm.gz")); err != nil || packed.Size() > 1_450_000 {
		t.Errorf("the page has outgrown its budget: %v, %v", packed, err)
	}

	s := startBinary(t, filepath.Join(dir, "bin", "server"))
	chromium, fox := openTab(t), openFirefox(t)
	chromium.navigate(s.url)
	fox.navigate(s.url)
	both := func(what, expr string) {
		t.Helper()
		chromium.until("Chromium: "+what, expr)
		fox.until("Firefox: "+what, expr)
	}
	both("the page is live", `document.querySelector("#status")?.textContent === "live"`)
	s.note("from a program")
	both("the page shows what a program has written", listed("from a program"))
	s.kill()
	both("the page has noticed", `document.querySelector("#status")?.textContent !== "live"`)
	s.start()
	s.note("after the restart")
	both("the page shows what came after the restart", listed("after the restart"))
	both("each note is there once", `document.querySelectorAll("#notes li").length === 2`)
	if bad := chromium.complaints(); len(bad) > 0 {
		t.Errorf("the browser complains: %q", bad)
	}
}
