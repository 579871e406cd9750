package assets_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing/fstest"

	"github.com/seawaykit/seaway/web/assets"
)

// A program serves its own files. They are embedded as a rule:
//
//	//go:embed all:build static
//	var embedded embed.FS
func ExampleNew() {
	files, err := assets.New(fstest.MapFS{"app.css": {Data: []byte("body { margin: 0 }")}})
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.Handle(assets.Prefix, files)
	for _, path := range []string{"/web/app.css", files.URL("/web/app.css"), "/web/"} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		fmt.Println(path, w.Code, w.Header().Get("Cache-Control"))
	}
	// Output:
	// /web/app.css 200 no-cache
	// /web/app.css?v=997faceca2605a98 200 public, max-age=31536000, immutable
	// /web/ 404
}
