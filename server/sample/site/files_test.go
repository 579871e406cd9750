package site_test

import (
	"net/http/httptest"
	"testing"
)

// TestEmbeddedFiles checks what was really embedded: the page may be among it or
// not, as it was built before or not.
func TestEmbeddedFiles(t *testing.T) {
	r := newRig(t)
	if len(r.site.Version()) != len("0123456789abcdef-") {
		t.Errorf("version %q does not have 16 digits, and the program's behind them", r.site.Version())
	}
	for _, path := range []string{"/web/app.css", "/web/icon.svg", "/web/icon-192.png", "/web/icon-512.png", "/web/icon-maskable-512.png"} {
		if r.site.URL(path) == path {
			t.Errorf("%s is not embedded", path)
		}
		w := httptest.NewRecorder()
		r.site.Handler().ServeHTTP(w, httptest.NewRequest("GET", r.site.URL(path), nil))
		if w.Code != 200 {
			t.Errorf("%s: got %d, want 200", path, w.Code)
		}
	}
}
