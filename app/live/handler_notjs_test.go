//go:build !js

package live

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// drawn is a page with the notes that a rig has.
type drawn struct {
	app.Compo
	*rig
}

func (d *drawn) OnInit() {
	d.rig = newRig(Options{})
	d.Init()
}

func (d *drawn) Render() app.UI {
	return d.Shell(app.P().Text(strings.Join(d.shown, " ")))
}

func site() Site {
	routes := Routes{"/notes": func(Request) app.Composer { return &drawn{} }}
	return Site{Routes: routes, Name: "Notes", Icon: app.Icon{SVG: "/web/icon.svg"}, Styles: []string{"/web/app.css"}}
}

func body(t *testing.T, h http.Handler, path string) string {
	t.Helper()
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, httptest.NewRequest("GET", path, nil)); w.Code != http.StatusOK {
		t.Fatalf("%s is answered %d", path, w.Code)
	}
	return w.Body.String()
}

func TestHandlerDrawsAPageInItsShell(t *testing.T) {
	h := Handler(aHost(t), site())
	html := body(t, h, "/notes")
	for _, want := range []string{
		`class="seaway-page connecting"`, `id="status"`, `>connecting<`, `id="update"`, "&lt;/script&gt;", `id="` + firstID + `"`,
		`href="/web/app.css"`, "/seaway.css?v=", `href="/web/app.wasm"`, "<title>", "Notes",
	} {
		if !strings.Contains(html, want) {
			t.Errorf("the page has no %s", want)
		}
	}
	sheet := body(t, h, "/seaway.css")
	for _, want := range []string{".seaway-status", ".seaway-update", "#app-wasm-loader", "--seaway-ink"} {
		if !strings.Contains(sheet, want) {
			t.Errorf("the styles have no %s", want)
		}
	}
}
