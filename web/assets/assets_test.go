package assets

import (
	"errors"
	"io/fs"
	"maps"
	"testing"
	"testing/fstest"
)

func TestPackedFormsOfAnOlderBuildAreIgnored(t *testing.T) {
	for name, spoil := range map[string]func(fstest.MapFS){
		"the wasm was built anew": func(b fstest.MapFS) { b["app.wasm"] = &fstest.MapFile{Data: []byte("new")} },
		"there is no stamp":       func(b fstest.MapFS) { delete(b, "app.wasm.stamp") },
		"the stamp is damaged":    func(b fstest.MapFS) { b["app.wasm.stamp"] = &fstest.MapFile{Data: []byte("sha256:")} },
	} {
		build, _ := site()
		spoil(build)
		resp := get(t, mustLoad(t, build), "/web/app.wasm", "Accept-Encoding", "br, gzip")
		if got, want := body(t, resp), string(build["app.wasm"].Data); got != want {
			t.Errorf("%s: sent %q, want the plain %q", name, got, want)
		}
		wantHeaders(t, resp, "Content-Encoding", "", "Content-Type", "application/wasm")
	}
}

func TestPackedEncodingMissingLeavesTheOthers(t *testing.T) {
	build, _ := site()
	delete(build, "app.wasm.br")
	resp := get(t, mustLoad(t, build), "/web/app.wasm", "Accept-Encoding", "br, gzip")
	wantHeaders(t, resp, "Content-Encoding", "gzip")
}

func TestVersionFollowsNamesAndContentsButNotThePacking(t *testing.T) {
	version := func(change func(build, static fstest.MapFS)) string {
		build, static := site()
		change(build, static)
		return mustLoad(t, build, static).version
	}
	was := version(func(_, _ fstest.MapFS) {})
	if len(was) != 16 {
		t.Errorf("version %q does not have 16 digits", was)
	}
	for name, change := range map[string]func(build, static fstest.MapFS){
		"the page":     func(b, _ fstest.MapFS) { b["app.wasm"] = &fstest.MapFile{Data: []byte("new")} },
		"a style":      func(_, s fstest.MapFS) { s["app.css"] = &fstest.MapFile{Data: []byte("new")} },
		"a name":       func(_, s fstest.MapFS) { s["stranger.bin"] = s["strange.bin"]; delete(s, "strange.bin") },
		"a new file":   func(_, s fstest.MapFS) { s["empty.txt"] = &fstest.MapFile{} },
		"a file lost":  func(_, s fstest.MapFS) { delete(s, "icon.svg") },
		"two contents": func(_, s fstest.MapFS) { s["icon.svg"], s["icon.png"] = s["icon.png"], s["icon.svg"] },
	} {
		if now := version(change); now == was {
			t.Errorf("%s changed and the version stayed %s", name, was)
		}
	}
	now := version(func(b, _ fstest.MapFS) {
		maps.DeleteFunc(b, func(name string, _ *fstest.MapFile) bool { return name != "app.wasm" })
	})
	if now != was {
		t.Errorf("without packed forms the version is %s, with them %s", now, was)
	}
}

func TestAddressesHoldTheContent(t *testing.T) {
	build, static := site()
	a := mustLoad(t, build, static)
	for path, want := range map[string]string{
		"/web/app.css":          "/web/app.css?v=" + a.files["app.css"].hash,
		"/web/none.css":         "/web/none.css",
		"/web":                  "/web",
		"/":                     "/",
		"/app.css":              "/app.css",
		"app.css":               "app.css",
		"https://example/a.css": "https://example/a.css",
	} {
		if got := a.URL(path); got != want {
			t.Errorf("URL(%q) = %q, want %q", path, got, want)
		}
	}
}

func TestHasAppReportsWhetherThePageIsBuilt(t *testing.T) {
	build, static := site()
	if got := mustLoad(t, build, static).WasmSize(); got != int64(len(wasm)) {
		t.Errorf("the page has %d bytes, want %d", got, len(wasm))
	}
	if got := mustLoad(t, static).WasmSize(); got != 0 {
		t.Errorf("a page that was not built has %d bytes", got)
	}
}

func TestNameInTwoTreesIsRefused(t *testing.T) {
	_, static := site()
	if _, err := New(static, static); err == nil {
		t.Error("two files of one name were accepted")
	}
}

// broken is a tree whose files cannot be opened.
type broken struct{ fstest.MapFS }

func (b broken) Open(name string) (fs.File, error) {
	if name == "app.css" {
		return nil, errors.New("no such luck")
	}
	return b.MapFS.Open(name)
}

func TestUnreadableFileIsRefusedAtStart(t *testing.T) {
	_, static := site()
	if _, err := New(broken{static}); err == nil {
		t.Error("a tree with an unreadable file was accepted")
	}
}
