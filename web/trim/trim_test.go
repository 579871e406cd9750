package main

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sources are a page and a go-app that has all that the real one is cut by.
var sources = map[string]string{
	"go.mod":      "module example.com/page\n\ngo 1.26.0\n\nrequire " + goApp + " v10.1.11\n\nrequire github.com/google/uuid v1.6.0 // indirect\n\nreplace " + goApp + " => ./goapp\n\nreplace github.com/google/uuid => ./uuid\n",
	"app/main.go": "package main\n\nimport \"" + goApp + "/pkg/app\"\n\nfunc main() { app.Route(\"/\") }\n",

	"goapp/go.mod":           "module " + goApp + "\n\ngo 1.23.0\n\nrequire github.com/google/uuid v1.6.0\n",
	"uuid/go.mod":            "module github.com/google/uuid\n\ngo 1.19\n",
	"uuid/uuid.go":           "package uuid\n\nimport \"database/sql/driver\"\n\nfunc NewString() string { return driver.ErrSkip.Error() }\n",
	"goapp/pkg/app/state.go": "package app\n\nimport \"github.com/google/uuid\"\n\nvar store = uuid.NewString()\n",
	"goapp/pkg/app/context.go": "package app\n\nimport \"github.com/google/uuid\"\n\nfunc DeviceID() string { return uuid.NewString() }\n\n" +
		"func Encrypt(b []byte) ([]byte, error) { return encrypt(DeviceID(), b) }\n\nfunc Decrypt(b []byte) ([]byte, error) { return decrypt(DeviceID(), b) }\n",
	"goapp/pkg/app/crypto.go": "package app\n\nimport (\n\t\"crypto/aes\"\n\t\"errors\"\n)\n\n" +
		"func encrypt(key string, b []byte) ([]byte, error) {\n\t_, err := aes.NewCipher([]byte(key))\n\treturn b, err\n}\n\n" +
		"func decrypt(key string, b []byte) ([]byte, error) { return b, errors.ErrUnsupported }\n",
	"goapp/pkg/app/app.go":       "package app\n\nfunc Route(path string) { routes.route(path) }\n\nfunc RouteWithRegexp(pattern string) { routes.routeWithRegexp(pattern) }\n",
	"goapp/pkg/app/http.go":      "package app\n\nimport \"net/http\"\n\ntype Handler struct{ http.Handler }\n",
	"goapp/pkg/app/http_test.go": "package app\n",
	"goapp/pkg/app/resource.go": "package app\n\nimport \"net/http\"\n\nfunc LocalDir() http.Handler { return localResourceResolver{} }\n\n" +
		"type localResourceResolver struct{ http.Handler }\n\nfunc (localResourceResolver) Resolve() {}\n\n" +
		"func PrefixedLocation() prefixedResourceResolver { return prefixedResourceResolver{} }\n\n" +
		"type prefixedResourceResolver struct{ localResourceResolver }\n\nfunc GitHubPages() any { return PrefixedLocation() }\n\nfunc RemoteBucket() {}\n",
	"goapp/pkg/app/wasm.go": "//go:build wasm\n\npackage app\n\nfunc GenerateStaticWebsite(h *Handler) {}\n",
	"goapp/pkg/app/route.go": "package app\n\nimport \"regexp\"\n\nvar routes router\n\ntype router struct{ list []*regexp.Regexp }\n\n" +
		"func (r *router) route(path string) {\n\tfor _, p := range r.list {\n\t\tprintln(p.MatchString(path))\n\t}\n}\n\n" +
		"func (r *router) routeWithRegexp(p string) { r.list = append(r.list, regexp.MustCompile(p)) }\n",
}

// checkout writes the sources, with changes, and makes the page's module the
// working directory. An empty text is no file.
func checkout(t *testing.T, changes map[string]string) {
	t.Helper()
	files := maps.Clone(sources)
	maps.Copy(files, changes)
	dir := t.TempDir()
	for name, text := range files {
		if text != "" {
			store(t, filepath.Join(dir, filepath.FromSlash(name)), text)
		}
	}
	t.Setenv("GOPROXY", "off")
	t.Setenv("GOWORK", "off")
	t.Setenv("GOFLAGS", "")
	t.Chdir(dir)
}

// trims runs the program and returns what the page then holds.
func trims(t *testing.T, args ...string) page {
	t.Helper()
	var out, errs bytes.Buffer
	if err := run(args, &out, &errs); err != nil {
		t.Fatalf("trim %q: %v\n%s", args, err, &errs)
	}
	p, err := list("./app", "bin/goapp/page.mod")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestThePageIsBuiltWithoutTheServersPart(t *testing.T) {
	checkout(t, nil)
	untrimmed, err := list("./app", "")
	if err != nil {
		t.Fatal(err)
	}
	p := trims(t)
	for _, gone := range []string{"net/http", "regexp", "crypto/aes", "github.com/google/uuid", "database/sql/driver"} {
		if untrimmed.way(gone) == nil {
			t.Errorf("untrimmed, the page should hold %s", gone)
		}
		if way := p.way(gone); way != nil {
			t.Errorf("the page holds %q", way)
		}
	}
	for name, want := range map[string]bool{"http.go": false, "http_test.go": false, "resource.go": true} {
		if _, err := os.Stat("bin/goapp/pkg/app/" + name); (err == nil) != want {
			t.Errorf("%s is in the copy: %v, want %v", name, !want, want)
		}
	}
}

func TestAPageThatRoutesByPatternKeepsPatterns(t *testing.T) {
	for _, call := range []string{`app.RouteWithRegexp("^/")`, `route := app.RouteWithRegexp; route("^/")`} {
		checkout(t, map[string]string{
			"app/main.go":     "package main\n\nimport \"example.com/page/app/home\"\n\nfunc main() { home.Routes() }\n",
			"app/home/doc.go": "package home\n",
			"app/home/it.go":  "package home\n\nimport \"" + goApp + "/pkg/app\"\n\nfunc Routes() { " + call + " }\n",
		})
		p := trims(t)
		if p.way("regexp") == nil || p.way("net/http") != nil {
			t.Errorf("%s: the page holds %q and %q", call, p.way("regexp"), p.way("net/http"))
		}
		if _, err := browser("build", "bin/goapp/page.mod", "-o", os.DevNull, "./app"); err != nil {
			t.Errorf("%s: %v", call, err)
		}
	}
}

func TestAPageThatEncryptsKeepsEncryption(t *testing.T) {
	for _, name := range []string{"Encrypt", "Decrypt", "PersistWithEncryption"} {
		checkout(t, map[string]string{
			"app/main.go":               "package main\n\nimport \"" + goApp + "/pkg/app\"\n\nfunc main() { println(app." + name + " != nil) }\n",
			"goapp/pkg/app/new.go":      "package app\n\nvar PersistWithEncryption = encrypt\n",
			"goapp/pkg/app/new_test.go": "package app\n",
		})
		if p := trims(t); p.way("crypto/aes") == nil || p.way("github.com/google/uuid") != nil {
			t.Errorf("%s: the page holds %q and %q", name, p.way("crypto/aes"), p.way("github.com/google/uuid"))
		}
	}
}

// A page that has its own use for a package is not to be blamed for it.
func TestThePageMayImportWhatGoAppIsRidOf(t *testing.T) {
	checkout(t, map[string]string{
		"app/main.go": "package main\n\nimport (\n\t\"crypto/aes\"\n\n\t\"" + goApp + "/pkg/app\"\n)\n\nfunc main() { app.Route(string(rune(aes.BlockSize))) }\n",
	})
	if p := trims(t); p.way("crypto/aes") == nil {
		t.Error("the page lost what it imports itself")
	}
}

func TestEqualSourcesMakeAnEqualPageAnywhere(t *testing.T) {
	var sums [2][sha256.Size]byte
	for i := range sums {
		checkout(t, nil)
		trims(t)
		if _, err := browser("build", "bin/goapp/page.mod", "-trimpath", "-buildvcs=false", "-o", "app.wasm", "./app"); err != nil {
			t.Fatal(err)
		}
		wasm, err := os.ReadFile("app.wasm")
		if err != nil {
			t.Fatal(err)
		}
		sums[i] = sha256.Sum256(wasm)
	}
	if sums[0] != sums[1] {
		t.Error("two checkouts made different pages")
	}
}

// The real go-app, as this module's go.mod names it, and not the sample: it may
// have been deleted.
func TestTheRealGoAppFits(t *testing.T) {
	t.Chdir("../..")
	if said, err := trim("./app/livelist", "bin/goapp-test"); err != nil {
		t.Errorf("%s%v", said, err)
	}
	if err := os.RemoveAll("bin/goapp-test"); err != nil {
		t.Error(err)
	}
}

func TestAnotherGoAppIsRefusedInASentence(t *testing.T) {
	const app = "goapp/pkg/app/"
	for name, c := range map[string]struct {
		file, text, says string
	}{
		"a file is gone":              {app + "http.go", "", "it has no file pkg/app/http.go"},
		"a declaration is gone":       {app + "wasm.go", "package app\n", "pkg/app/wasm.go: it does not declare GenerateStaticWebsite"},
		"a method is gone":            {app + "route.go", strings.ReplaceAll(sources[app+"route.go"], "routeWithRegexp", "add"), "pkg/app/route.go: it does not declare router.routeWithRegexp"},
		"the rest needs what is gone": {app + "new.go", "package app\n\nvar Default = LocalDir()\n", "the rest does not compile: go build:"},
		"encryption is elsewhere":     {app + "crypto.go", "package app\n\nfunc encrypt(string, []byte) ([]byte, error) { return nil, nil }\n", "pkg/app/crypto.go: it does not declare decrypt"},
		"there are no identifiers":    {app + "state.go", "package app\n", "pkg/app/state.go: it does not import github.com/google/uuid"},
		"identifiers of another kind": {
			app + "new.go", "package app\n\nimport \"github.com/google/uuid\"\n\nvar other = uuid.NewString()\n",
			"the page holds github.com/google/uuid: example.com/page/app imports " + goApp + "/pkg/app imports github.com/google/uuid",
		},
		"net/http is needed elsewhere": {
			app + "new.go", "package app\n\nimport \"net/http\"\n\nconst Get = http.MethodGet\n",
			"example.com/page/app imports " + goApp + "/pkg/app imports net/http",
		},
	} {
		checkout(t, map[string]string{c.file: c.text, app + "app.go": strings.Replace(sources[app+"app.go"], ".routeWithRegexp(pattern)", ".route(pattern)", 1)})
		_, err := trim("./app", "bin/goapp")
		if err == nil || !strings.Contains(err.Error(), c.says) ||
			!strings.Contains(err.Error(), "go-app v10.1.11 cannot be trimmed: ") || !strings.Contains(err.Error(), "make build TRIM=0") {
			t.Errorf("%s: got %v, want it to say %q", name, err, c.says)
		}
	}
}

func TestThePagesOwnNetHTTPIsNotBlamedOnGoApp(t *testing.T) {
	checkout(t, map[string]string{
		"app/main.go": "package main\n\nimport (\n\t\"net/http\"\n\n\t\"" + goApp + "/pkg/app\"\n)\n\nfunc main() { app.Route(http.MethodGet) }\n",
	})
	_, err := trim("./app", "bin/goapp")
	if err == nil || err.Error() != "the page holds net/http: example.com/page/app imports net/http" {
		t.Errorf("got %v", err)
	}
}

func TestWhatCannotBeTrimmedIsSaid(t *testing.T) {
	checkout(t, map[string]string{"bare/main.go": "package main\n\nfunc main() {}\n"})
	outside := t.TempDir()
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"./bare"}, "./bare does not import " + goApp},
		{[]string{"./none"}, "go list:\n"},
		{[]string{"-o", outside}, "is not below the module's directory"},
		{[]string{"-o", "."}, "is not below the module's directory"},
		{[]string{"-o", "app"}, "holds files but no copy of go-app"},
	} {
		if err := run(c.args, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), c.says) || errors.Is(err, errUsage) {
			t.Errorf("trim %q: got %v, want it to say %q", c.args, err, c.says)
		}
	}
	for _, args := range [][]string{{"-nonsense"}, {"one", "two"}} {
		if err := run(args, io.Discard, io.Discard); !errors.Is(err, errUsage) {
			t.Errorf("trim %q: got %v, want %v", args, err, errUsage)
		}
	}
}
