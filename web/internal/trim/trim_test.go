package trim

import (
	"crypto/sha256"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// sources are a page and a go-app with everything that the cuts name.
var sources = map[string]string{
	"go.mod":      "module example.com/page\n\ngo 1.26.0\n\nrequire " + goApp + " v10.1.11\n\nrequire github.com/google/uuid v1.6.0 // indirect\n\nreplace " + goApp + " => ./goapp\n\nreplace github.com/google/uuid => ./uuid\n",
	"app/main.go": "package main\n\nimport \"" + goApp + "/pkg/app\"\n\nfunc main() { app.Route(\"/\") }\n",

	"goapp/go.mod": "module " + goApp + "\n\ngo 1.23.0\n\nrequire github.com/google/uuid v1.6.0\n",
	"uuid/go.mod":  "module github.com/google/uuid\n\ngo 1.19\n",
	"uuid/uuid.go": "package uuid\n\nimport \"database/sql/driver\"\n\nfunc NewString() string { return driver.ErrSkip.Error() }\n",
	"goapp/pkg/app/state.go": "package app\n\nimport (\n\t\"encoding/xml\"\n\t\"time\"\n\n\t\"github.com/google/uuid\"\n)\n\n" +
		"type State struct {\n\texpire func(State, time.Time) State\n\tpersist func(State, bool) State\n\tbroadcast func(State) State\n}\n\n" +
		"type Observer struct {\n\tsetObserver func(Observer) Observer\n\tenableBroadcast func()\n}\n\n" +
		"type stateManager struct{ store string }\n\ntype storableState struct{ Value []byte }\n\n" +
		"func (m *stateManager) Observe(Context, string, any) Observer { return Observer{} }\n\n" +
		"func (m *stateManager) Get(_ Context, s string, v any) { m.store = uuid.NewString(); storeValue(v, s) }\n\n" +
		"func (m *stateManager) Set(Context, string, any) State { return State{} }\n\n" +
		"func (m *stateManager) Delete(Context, string) {}\n\nfunc (m *stateManager) Cleanup() { expiredTime(time.Now()) }\n\n" +
		"func (m *stateManager) CleanupExpiredPersistedStates(Context) { println(storableState{}.Value) }\n\n" +
		"func storeValue(v, s any) { xml.Unmarshal(nil, v) }\n\nfunc expiredTime(v time.Time) bool { return v.IsZero() }\n",
	"goapp/pkg/app/engine.go": "package app\n\ntype Context struct{}\n\ntype engine struct{ states stateManager }\n\nvar running engine\n\n" +
		"func Log(v ...any) { running.states.Cleanup(); running.states.CleanupExpiredPersistedStates(Context{}) }\n\n" +
		"func (ctx Context) ObserveState(s string, v any) Observer { return running.states.Observe(ctx, s, v) }\n\n" +
		"func (ctx Context) GetState(s string, v any) { running.states.Get(ctx, s, v) }\n\n" +
		"func (ctx Context) SetState(s string, v any) State { return running.states.Set(ctx, s, v) }\n\n" +
		"func (ctx Context) DelState(s string) { running.states.Delete(ctx, s) }\n",
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
// working directory. An empty text removes the file.
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

// trims trims the page and returns what it then holds.
func trims(t *testing.T) page {
	t.Helper()
	c, err := Page(t.Context(), "./app", "bin/goapp")
	if err != nil || c.Modfile != filepath.Join("bin", "goapp", markerFile) {
		t.Fatalf("%+v, %v", c, err)
	}
	p, err := list(t.Context(), "./app", c.Modfile)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPageIsBuiltWithoutTheServersPart(t *testing.T) {
	checkout(t, nil)
	untrimmed, err := list(t.Context(), "./app", "")
	if err != nil {
		t.Fatal(err)
	}
	p := trims(t)
	for _, gone := range []string{"net/http", "regexp", "crypto/aes", "encoding/xml", "github.com/google/uuid", "database/sql/driver"} {
		if untrimmed.importChain(gone) == nil {
			t.Errorf("untrimmed, the page should hold %s", gone)
		}
		if way := p.importChain(gone); way != nil {
			t.Errorf("the page holds %q", way)
		}
	}
	for name, want := range map[string]bool{"http.go": false, "http_test.go": false, "resource.go": true} {
		if _, err := os.Stat("bin/goapp/pkg/app/" + name); (err == nil) != want {
			t.Errorf("%s is in the copy: %v, want %v", name, !want, want)
		}
	}
}

func TestPageThatRoutesByPatternKeepsPatterns(t *testing.T) {
	for _, call := range []string{`app.RouteWithRegexp("^/")`, `route := app.RouteWithRegexp; route("^/")`} {
		checkout(t, map[string]string{
			"app/main.go":     "package main\n\nimport \"example.com/page/app/home\"\n\nfunc main() { home.Routes() }\n",
			"app/home/doc.go": "package home\n",
			"app/home/it.go":  "package home\n\nimport \"" + goApp + "/pkg/app\"\n\nfunc Routes() { " + call + " }\n",
		})
		p := trims(t)
		if p.importChain("regexp") == nil || p.importChain("net/http") != nil {
			t.Errorf("%s: the page holds %q and %q", call, p.importChain("regexp"), p.importChain("net/http"))
		}
		if _, err := browser(t.Context(), "build", "bin/goapp/page.mod", "-o", os.DevNull, "./app"); err != nil {
			t.Errorf("%s: %v", call, err)
		}
	}
}

func TestPageThatEncryptsKeepsEncryption(t *testing.T) {
	for _, name := range []string{"Encrypt", "Decrypt", "PersistWithEncryption"} {
		checkout(t, map[string]string{
			"app/main.go":               "package main\n\nimport \"" + goApp + "/pkg/app\"\n\nfunc main() { println(app." + name + " != nil) }\n",
			"goapp/pkg/app/new.go":      "package app\n\nvar PersistWithEncryption = encrypt\n",
			"goapp/pkg/app/new_test.go": "package app\n",
		})
		if p := trims(t); p.importChain("crypto/aes") == nil || p.importChain("github.com/google/uuid") != nil {
			t.Errorf("%s: the page holds %q and %q", name, p.importChain("crypto/aes"), p.importChain("github.com/google/uuid"))
		}
	}
}

func TestPageThatHasStatesKeepsThem(t *testing.T) {
	for _, name := range states.unless {
		checkout(t, map[string]string{
			"app/main.go": "package main\n\nimport \"" + goApp + "/pkg/app\"\n\nfunc main() { println(app.Context." + name + " != nil) }\n",
		})
		p, err := list(t.Context(), "./app", "")
		if err != nil {
			t.Fatal(err)
		}
		chosen, err := p.savings()
		if kept := !slices.ContainsFunc(chosen, func(s saving) bool { return slices.Equal(s.unless, states.unless) }); err != nil || !kept {
			t.Errorf("%s: states are kept: %v, %v", name, kept, err)
		}
	}
}

// A page may use a package itself.
func TestPageMayImportWhatGoAppIsRidOf(t *testing.T) {
	checkout(t, map[string]string{
		"app/main.go": "package main\n\nimport (\n\t\"crypto/aes\"\n\n\t\"" + goApp + "/pkg/app\"\n)\n\nfunc main() { app.Route(string(rune(aes.BlockSize))) }\n",
	})
	if p := trims(t); p.importChain("crypto/aes") == nil {
		t.Error("the page lost what it imports itself")
	}
}

func TestEqualSourcesMakeAnEqualPageAnywhere(t *testing.T) {
	var sums [2][sha256.Size]byte
	for i := range sums {
		checkout(t, nil)
		trims(t)
		if _, err := browser(t.Context(), "build", "bin/goapp/page.mod", "-trimpath", "-buildvcs=false", "-o", "app.wasm", "./app"); err != nil {
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
func TestGoAppOfTheModuleCacheFits(t *testing.T) {
	t.Chdir("../../..")
	if c, err := Page(t.Context(), "./app/livelist", "bin/goapp-test"); err != nil {
		t.Errorf("%+v, %v", c, err)
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
		"states are elsewhere":        {app + "state.go", strings.ReplaceAll(sources[app+"state.go"], "storeValue", "put"), "pkg/app/state.go: it does not declare storeValue"},
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
		_, err := Page(t.Context(), "./app", "bin/goapp")
		if err == nil || !strings.Contains(err.Error(), c.says) ||
			!strings.Contains(err.Error(), "go-app v10.1.11 cannot be trimmed: ") || !strings.Contains(err.Error(), "-trim=false") {
			t.Errorf("%s: got %v, want it to say %q", name, err, c.says)
		}
	}
}

func TestNetHTTPOfThePageIsNotBlamedOnGoApp(t *testing.T) {
	checkout(t, map[string]string{
		"app/main.go": "package main\n\nimport (\n\t\"net/http\"\n\n\t\"" + goApp + "/pkg/app\"\n)\n\nfunc main() { app.Route(http.MethodGet) }\n",
	})
	_, err := Page(t.Context(), "./app", "bin/goapp")
	if err == nil || err.Error() != "the page holds net/http: example.com/page/app imports net/http" {
		t.Errorf("got %v", err)
	}
}

func TestErrorNamesWhatCannotBeTrimmed(t *testing.T) {
	checkout(t, map[string]string{"bare/main.go": "package main\n\nfunc main() {}\n"})
	outside := t.TempDir()
	for _, c := range []struct{ page, dir, says string }{
		{"./bare", "bin/goapp", "./bare does not import " + goApp},
		{"./none", "bin/goapp", "go list:\n"},
		{"./app", outside, "is not below the module's directory"},
		{"./app", ".", "is not below the module's directory"},
		{"./app", "app", "holds files but no copy of go-app"},
	} {
		if _, err := Page(t.Context(), c.page, c.dir); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s in %s: got %v, want it to say %q", c.page, c.dir, err, c.says)
		}
	}
}
