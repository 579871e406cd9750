package assets

import (
	"compress/gzip"
	"crypto/sha256"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/seawaykit/seaway/web/internal/packed"
)

const wasm = "\x00asm the page, plain"

var styles = strings.Repeat("body { margin: 0 }\n", 20)

// site returns a build and a static tree as they are after a full build. The
// packed forms are recognisable texts: nothing here unpacks them.
func site() (build, static fstest.MapFS) {
	stamp := packed.Stamp{Sum: sha256.Sum256([]byte(wasm)), Quality: 11}.String()
	build = fstest.MapFS{
		".keep":          {},
		"app.wasm":       {Data: []byte(wasm)},
		"app.wasm.br":    {Data: []byte("page in brotli")},
		"app.wasm.gz":    {Data: []byte("page in gzip")},
		"app.wasm.stamp": {Data: []byte(stamp)},
	}
	static = fstest.MapFS{
		"app.css":      {Data: []byte(styles)},
		"icon.png":     {Data: []byte("\x89PNG" + strings.Repeat("0", 200))},
		"icon.svg":     {Data: []byte("<svg/>")},
		"sub/note.txt": {Data: []byte("hi")},
		"strange.bin":  {Data: []byte("<html>")},
	}
	return build, static
}

func mustLoad(t *testing.T, trees ...fs.FS) *Assets {
	t.Helper()
	a, err := New(trees...)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// get asks for a path, with headers given as name, value, name, value.
func get(t *testing.T, a *Assets, path string, headers ...string) *http.Response {
	t.Helper()
	return ask(t, a, http.MethodGet, path, headers...)
}

func ask(t *testing.T, a *Assets, method, path string, headers ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, resp *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// wantHeaders compares headers given as name, value; an empty value means that
// the header must be absent.
func wantHeaders(t *testing.T, resp *http.Response, headers ...string) {
	t.Helper()
	for i := 0; i < len(headers); i += 2 {
		if got := resp.Header.Get(headers[i]); got != headers[i+1] {
			t.Errorf("%s: got %q, want %q", headers[i], got, headers[i+1])
		}
	}
}

func TestPageIsSentInThePreferredEncoding(t *testing.T) {
	build, static := site()
	a := mustLoad(t, build, static)
	hash := a.files["app.wasm"].hash
	for _, c := range []struct{ accept, body, coding, etag, length string }{
		{"gzip, br", "page in brotli", "br", `"` + hash + `-br"`, "14"},
		{"gzip", "page in gzip", "gzip", `"` + hash + `-gzip"`, "12"},
		{"", wasm, "", `"` + hash + `"`, "20"},
	} {
		resp := get(t, a, "/web/app.wasm", "Accept-Encoding", c.accept)
		if got := body(t, resp); resp.StatusCode != 200 || got != c.body {
			t.Errorf("Accept-Encoding %q: got %d %q, want 200 %q", c.accept, resp.StatusCode, got, c.body)
		}
		wantHeaders(t, resp,
			"Content-Encoding", c.coding, "ETag", c.etag, "Content-Length", c.length,
			"Content-Type", "application/wasm", "Vary", "Accept-Encoding",
			"X-Content-Type-Options", "nosniff", "Cache-Control", "no-cache")
	}
}

func TestClientThatAcceptsNoEncodingGets406(t *testing.T) {
	build, _ := site()
	resp := get(t, mustLoad(t, build), "/web/app.wasm", "Accept-Encoding", "zstd, *;q=0")
	if resp.StatusCode != http.StatusNotAcceptable {
		t.Errorf("got %d, want 406", resp.StatusCode)
	}
	wantHeaders(t, resp, "Vary", "Accept-Encoding", "Content-Encoding", "")
}

func TestContentTypeOfFiles(t *testing.T) {
	_, static := site()
	a := mustLoad(t, static)
	for path, want := range map[string]string{
		"/web/app.css":      "text/css; charset=utf-8",
		"/web/icon.svg":     "image/svg+xml",
		"/web/icon.png":     "image/png",
		"/web/sub/note.txt": "text/plain; charset=utf-8",
		"/web/strange.bin":  "application/octet-stream", // and not what it looks like
	} {
		resp := get(t, a, path)
		if resp.StatusCode != 200 {
			t.Errorf("%s: got %d, want 200", path, resp.StatusCode)
		}
		wantHeaders(t, resp, "Content-Type", want)
	}
}

func TestTextsArePackedAtStartAndPicturesAreNot(t *testing.T) {
	_, static := site()
	a := mustLoad(t, static)
	resp := get(t, a, "/web/app.css", "Accept-Encoding", "br, gzip")
	wantHeaders(t, resp, "Content-Encoding", "gzip")
	zip, err := gzip.NewReader(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(zip); err != nil || string(got) != styles {
		t.Errorf("the styles came back as %q, %v", got, err)
	}
	for _, path := range []string{"/web/icon.png", "/web/icon.svg"} { // the svg is too short to gain
		wantHeaders(t, get(t, a, path, "Accept-Encoding", "gzip"), "Content-Encoding", "")
	}
}

func TestUnchangedEncodingIsNotSentAgain(t *testing.T) {
	build, _ := site()
	a := mustLoad(t, build)
	hash := a.files["app.wasm"].hash
	for _, c := range []struct {
		name, accept, match string
		status              int
	}{
		{"the same form", "br", `"` + hash + `-br"`, 304},
		{"the same form among others", "br", `"x", W/"` + hash + `-br"`, 304},
		{"anything", "br", "*", 304},
		{"the plain form", "", `"` + hash + `"`, 304},
		{"another form of the same content", "br", `"` + hash + `"`, 200},
		{"another content", "br", `"0000000000000000-br"`, 200},
	} {
		resp := get(t, a, "/web/app.wasm", "Accept-Encoding", c.accept, "If-None-Match", c.match)
		if resp.StatusCode != c.status {
			t.Errorf("%s: got %d, want %d", c.name, resp.StatusCode, c.status)
		}
		if got := body(t, resp); c.status == 304 && got != "" {
			t.Errorf("%s: a 304 came with %q", c.name, got)
		}
		wantHeaders(t, resp, "Vary", "Accept-Encoding", "Cache-Control", "no-cache")
		if resp.Header.Get("ETag") == "" {
			t.Errorf("%s: there is no ETag", c.name)
		}
	}
}

func TestHeadHasTheHeadersOfGet(t *testing.T) {
	build, static := site()
	a := mustLoad(t, build, static)
	for _, path := range []string{"/web/app.wasm", "/web/app.css", "/web/icon.png"} {
		for _, accept := range []string{"br", "gzip", ""} {
			full := get(t, a, path, "Accept-Encoding", accept)
			head := ask(t, a, http.MethodHead, path, "Accept-Encoding", accept)
			if got := body(t, head); head.StatusCode != 200 || got != "" {
				t.Errorf("HEAD %s: got %d %q, want 200 and nothing", path, head.StatusCode, got)
			}
			for name := range full.Header {
				wantHeaders(t, head, name, full.Header.Get(name))
			}
		}
	}
}

func TestRangeIsCutFromThePlainFile(t *testing.T) {
	build, _ := site()
	a := mustLoad(t, build)
	resp := get(t, a, "/web/app.wasm", "Accept-Encoding", "br", "Range", "bytes=1-3")
	if got := body(t, resp); resp.StatusCode != 206 || got != wasm[1:4] {
		t.Errorf("got %d %q, want 206 %q", resp.StatusCode, got, wasm[1:4])
	}
	wantHeaders(t, resp, "Content-Encoding", "", "Content-Range", "bytes 1-3/20",
		"ETag", `"`+a.files["app.wasm"].hash+`"`, "Vary", "Accept-Encoding")

	// A client that has half of a packed file must not append half of the plain one.
	packedTag := `"` + a.files["app.wasm"].hash + `-br"`
	resp = get(t, a, "/web/app.wasm", "Accept-Encoding", "br", "Range", "bytes=1-3", "If-Range", packedTag)
	if got := body(t, resp); resp.StatusCode != 200 || got != wasm {
		t.Errorf("If-Range of another form: got %d %q, want 200 and all of it", resp.StatusCode, got)
	}
	if resp = get(t, a, "/web/app.wasm", "Range", "bytes=20-"); resp.StatusCode != 416 {
		t.Errorf("a range past the end: got %d, want 416", resp.StatusCode)
	}
}

func TestUnlistedFileIsNotFound(t *testing.T) {
	build, static := site()
	a := mustLoad(t, build, static)
	for _, path := range []string{
		"/web/", "/web", "/web/sub", "/web/sub/", "/web/none.css", "/web/.keep", "/web/app.wasm/",
		"/web/app.wasm.br", "/web/app.wasm.gz", "/web/app.wasm.stamp",
		"/web/sub/../app.css", "/web/../web/app.css", "/web//app.css", "/web/%2e%2e/secret",
	} {
		resp := get(t, a, path)
		if resp.StatusCode != 404 {
			t.Errorf("%s: got %d, want 404", path, resp.StatusCode)
		}
		wantHeaders(t, resp, "Cache-Control", "", "X-Content-Type-Options", "nosniff")
	}
}

func TestFilesAreOnlyRead(t *testing.T) {
	_, static := site()
	a := mustLoad(t, static)
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS", "PATCH"} {
		resp := ask(t, a, method, "/web/app.css")
		if resp.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("%s: got %d, want 405", method, resp.StatusCode)
		}
		wantHeaders(t, resp, "Allow", "GET, HEAD")
	}
}

func TestAddressWithTheRightHashIsCachedForEver(t *testing.T) {
	build, static := site()
	a := mustLoad(t, build, static)
	const immutable = "public, max-age=31536000, immutable"
	css := a.files["app.css"].hash
	for query, want := range map[string]string{
		"":                          "no-cache",
		"?v=":                       "no-cache",
		"?v=0000000000000000":       "no-cache",
		"?v=" + css[:15]:            "no-cache",
		"?v=" + a.version:           "no-cache",
		"?w=" + css:                 "no-cache",
		"?v=" + css:                 immutable,
		"?v=" + css + "&w=anything": immutable,
	} {
		wantHeaders(t, get(t, a, "/web/app.css"+query), "Cache-Control", want)
	}
	resp := get(t, a, a.URL("/web/app.wasm"), "Accept-Encoding", "br")
	wantHeaders(t, resp, "Cache-Control", immutable, "Content-Encoding", "br")
}
