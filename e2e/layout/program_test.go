package layout_test

import (
	"bytes"
	"flag"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

var update = flag.Bool("update", false, "write testdata anew")

// TestProgramsAreMadeOfWhatIsListed keeps a list of what each program takes
// from others, so that a new dependency is a line in a review. The page's list
// is of packages, since each is weight; the server's is of modules.
func TestProgramsAreMadeOfWhatIsListed(t *testing.T) {
	for _, c := range []struct{ program, list, format string }{
		{"app", "page-packages.txt", "{{with .Module}}{{if not .Main}}{{$.ImportPath}}{{end}}{{end}}"},
		{"server", "server-modules.txt", "{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}"},
	} {
		name := filepath.Join("testdata", c.list)
		got := strings.Join(depends(t, c.program, c.format), "\n") + "\n"
		if *update {
			if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s is made of\n%swhich is not what %s says; if it is meant, run go test -C e2e ./layout -update", c.program, got, name)
		}
	}
}

// TestPageHoldsThePagesPackagesOnly looks through all that is linked, at any depth.
func TestPageHoldsThePagesPackagesOnly(t *testing.T) {
	for _, p := range foreign(depends(t, "app", "{{.ImportPath}}")) {
		t.Errorf("the page holds %s", p)
	}
}

// foreign returns the packages that have no business in a browser.
func foreign(packages []string) []string {
	return slices.DeleteFunc(slices.Clone(packages), func(p string) bool {
		return !ours(p, "server") && !ours(p, "web") && !ours(p, "e2e") && !within(p, "net/http") &&
			!strings.HasPrefix(p, "github.com/gorilla/") && !strings.HasPrefix(p, "github.com/nats-io/")
	})
}

func TestPackageThatIsForeignIsFound(t *testing.T) {
	got := foreign([]string{
		"fmt", module + "app/sample/page", module + "server/sse", module + "shared/event", module + "web",
		"github.com/gorilla/handlers", "github.com/nats-io/nats.go", "net/http", "net/url",
	})
	if len(got) != 5 || slices.Contains(got, "fmt") || slices.Contains(got, module+"app/sample/page") {
		t.Errorf("got %q", got)
	}
}

// depends returns what a program is linked from, on its own platform, one
// formatted line each, sorted and without repetitions. The page is the trimmed
// one, as make builds it.
func depends(t *testing.T, program, format string) []string {
	t.Helper()
	args := []string{"list", "-deps", "-f", format}
	env := os.Environ()
	if program == "app" {
		build := exec.Command("go", "run", "./web/page", "-quality", "0", "-o", t.TempDir(), "./app")
		build.Dir = root
		run(t, build)
		args = append(args, "-modfile=bin/goapp/page.mod")
		env = append(env, "GOOS=js", "GOARCH=wasm")
	}
	cmd := exec.Command("go", append(args, "./"+program)...)
	cmd.Dir, cmd.Env = root, env
	lines := strings.Fields(run(t, cmd))
	slices.Sort(lines)
	return slices.Compact(lines)
}

// run returns what a command wrote to stdout, and fails with what it wrote to
// stderr.
func run(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s%s", cmd, err, out, &said)
	}
	return string(out)
}

// TestPageIsStartedByTheGoThatBuiltIt compares the loader that go-app serves
// with the one of this Go: a page built by one does not start in the other's.
func TestPageIsStartedByTheGoThatBuiltIt(t *testing.T) {
	goroot := strings.TrimSpace(run(t, exec.Command("go", "env", "GOROOT")))
	want, err := os.ReadFile(filepath.Join(goroot, "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	h := &app.Handler{Resources: app.LocalDir(""), Version: "1"}
	h.ServeHTTP(w, httptest.NewRequest("GET", "/wasm_exec.js", nil))
	if w.Code != 200 || !bytes.Equal(bytes.TrimSpace(w.Body.Bytes()), bytes.TrimSpace(want)) {
		t.Errorf("go-app serves another wasm_exec.js than %s has (%d, %d bytes and %d): update go-app, or build with the Go it knows",
			goroot, w.Code, w.Body.Len(), len(want))
	}
}
