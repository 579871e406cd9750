//go:build !js

package goapp

import (
	"net/http"
	"strings"
	"testing"
)

// withScripts makes the program link other scripts for the time of a test.
func withScripts(t *testing.T, all map[string]string) {
	t.Helper()
	was := registeredScripts.all
	registeredScripts.all = all
	t.Cleanup(func() { registeredScripts.all = was })
}

// A page has one loader: go-app's, or that of a package.
func TestScriptStartsThePageInThePlaceOfGoApps(t *testing.T) {
	withScripts(t, nil)
	if got := handle("/app.js").Body.String(); !strings.Contains(got, ownStart) {
		t.Errorf("without a script go-app does not start the page:\n%.2000s", got)
	}
	if got := handle(scriptPath).Code; got != http.StatusNotFound {
		t.Errorf("without scripts there is one: %d", got)
	}
	withScripts(t, map[string]string{"b": "second()", "a": "first()"})
	script := startScript()
	if w := handle("/app.js"); strings.Contains(w.Body.String(), ownStart) || !strings.Contains(w.Body.String(), "async function goappInitWebAssembly() {") {
		t.Errorf("go-app starts the page as well:\n%.2000s", w.Body)
	}
	if w := handle("/app.js", "If-None-Match", handle("/app.js").Header().Get("ETag")); w.Code != http.StatusNotModified || w.Body.Len() > 0 {
		t.Errorf("a browser that has app.js gets %d %q", w.Code, w.Body)
	}
	page := handle("/").Body.String()
	if element := `<script defer src="` + script.url() + `" data-wasm="/web/app.wasm" data-size="0"></script>`; !strings.Contains(page, element) {
		t.Errorf("the page has no %s:\n%s", element, page)
	}
	if w := handle(script.url()); w.Body.String() != "\nfirst()\nsecond()" || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/javascript") {
		t.Errorf("the script is %q, %v", w.Body, w.Header())
	}
	if got := handle("/app-worker.js").Body.String(); !strings.Contains(got, script.url()) {
		t.Errorf("the service worker does not keep %s: %s", script.url(), got)
	}
}
