package trim

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/web/internal/gotool"
)

// env returns a setting of the go command.
func env(t *testing.T, name string) string {
	t.Helper()
	out, err := gotool.Command{}.Output(t.Context(), "env", name)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// cached returns the real go-app, as it lies in the module cache, and the go.sum
// of this module.
func cached(t *testing.T) (m module, sums string) {
	t.Helper()
	out, err := gotool.Command{}.Output(t.Context(), "list", "-m", "-f", "{{.Version}} {{.Dir}}", goApp)
	if err != nil {
		t.Fatal(err)
	}
	m.Path = goApp
	m.Version, m.Dir, _ = strings.Cut(strings.TrimSpace(string(out)), " ")
	return m, filepath.Join(filepath.Dir(env(t, "GOMOD")), "go.sum")
}

// copyOf returns a copy of a directory that may be changed.
func copyOf(t *testing.T, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

func alter(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, 0o644); err != nil { // the cache is read-only
		t.Fatal(err)
	}
	if err := os.WriteFile(file, append(text, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestModuleIsWhatGoSumSays(t *testing.T) {
	m, sums := cached(t)
	for name, c := range map[string]struct {
		change func(dir string)
		want   bool
	}{
		"as it is":      {func(string) {}, true},
		"a longer file": {func(dir string) { alter(t, filepath.Join(dir, "pkg", "app", "app.go")) }, false},
		"one file more": {func(dir string) { store(t, filepath.Join(dir, "pkg", "app", "more.go"), "package app\n") }, false},
		"one file less": {func(dir string) { os.Remove(filepath.Join(dir, "README.md")) }, false},
		"a file elsewhere": {func(dir string) {
			os.Rename(filepath.Join(dir, "pkg", "app", "app.go"), filepath.Join(dir, "pkg", "app", "bpp.go"))
		}, false},
	} {
		is := m
		is.Dir = copyOf(t, m.Dir)
		for _, dir := range []string{is.Dir, filepath.Join(is.Dir, "pkg", "app")} {
			if err := os.Chmod(dir, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		c.change(is.Dir)
		err := is.verify(sums)
		if (err == nil) != c.want || !c.want && !strings.Contains(err.Error(), goApp+"@"+m.Version+" in the module cache is not what go.sum says") {
			t.Errorf("%s: %v, want it to be right: %v", name, err, c.want)
		}
	}
}

func TestReplacedModuleIsVerifiedAsWhatReplacesIt(t *testing.T) {
	m, sums := cached(t)
	local := module{Path: goApp, Version: m.Version, Dir: t.TempDir(), Replace: &module{Path: "./goapp"}}
	if err := local.verify(sums); err != nil {
		t.Errorf("a local directory: %v", err)
	}
	sum, err := sumOf(m.Dir, "example.com/fork@v1.0.0")
	if err != nil {
		t.Fatal(err)
	}
	own := filepath.Join(t.TempDir(), "go.sum")
	store(t, own, "example.com/fork v1.0.0 "+sum+"\n")
	fork := module{Path: goApp, Version: m.Version, Dir: m.Dir, Replace: &module{Path: "example.com/fork", Version: "v1.0.0"}}
	if err := fork.verify(own); err != nil {
		t.Errorf("a fork: %v", err)
	}
	if err := fork.verify(sums); err == nil {
		t.Error("a fork that go.sum does not know was taken")
	}
}

// The page's module has a module cache of its own, which its proxy fills from the
// machine's: so it can be altered.
func TestAlteredGoAppIsNotTrimmed(t *testing.T) {
	m, sums := cached(t)
	proxy, cache := env(t, "GOMODCACHE"), t.TempDir()
	checkout(t, map[string]string{"go.mod": "module example.com/page\n\ngo 1.26.0\n\nrequire " + goApp + " " + m.Version + "\n\nrequire github.com/google/uuid v1.6.0 // indirect\n"})
	text, err := os.ReadFile(sums)
	if err != nil {
		t.Fatal(err)
	}
	store(t, "go.sum", string(text))
	for name, value := range map[string]string{
		"GOMODCACHE": cache, "GOPROXY": "file://" + filepath.ToSlash(proxy) + "/cache/download", "GOSUMDB": "off", "GOFLAGS": "-modcacherw",
	} {
		t.Setenv(name, value)
	}
	if out, err := exec.Command("go", "mod", "download", goApp).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	alter(t, filepath.Join(cache, filepath.FromSlash(goApp)+"@"+m.Version, "pkg", "app", "app.go"))
	_, err = Page(t.Context(), "./app", "bin/goapp")
	if err == nil || !strings.Contains(err.Error(), "is not what go.sum says") || strings.Contains(err.Error(), "\n") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat("bin"); err == nil {
		t.Error("something was copied")
	}
}
