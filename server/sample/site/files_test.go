package site_test

import (
	"net/http/httptest"
	"testing"

	"github.com/seawaykit/seaway/web"
)

// TestEmbeddedFiles checks what was really embedded: the page may be among it or
// not, as it was built before or not.
func TestEmbeddedFiles(t *testing.T) {
	if len(web.Version()) != 16 {
		t.Errorf("version %q does not have 16 digits", web.Version())
	}
	for _, path := range []string{"/web/app.css", "/web/icon.svg", "/web/icon-192.png", "/web/icon-512.png", "/web/icon-maskable-512.png"} {
		if web.URL(path) == path {
			t.Errorf("%s is not embedded", path)
		}
		w := httptest.NewRecorder()
		web.Files().ServeHTTP(w, httptest.NewRequest("GET", web.URL(path), nil))
		if w.Code != 200 {
			t.Errorf("%s: got %d, want 200", path, w.Code)
		}
	}
}
