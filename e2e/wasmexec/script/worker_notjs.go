//go:build !js

package script

import (
	_ "embed"
	"io"
	"net/http"
	"text/template"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

//go:embed frame.html
var document []byte

func frame(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Write(document)
}

// stock is the service worker that go-app gives to every page.
var stock = template.Must(template.New("worker").Parse(app.DefaultAppWorkerJS))

func (h *Handler) setWorker(w http.ResponseWriter, r *http.Request) {
	first, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	h.played(r).change(func(p *played) { p.first = string(first) })
}

// worker serves go-app's worker with the script's own listeners before it, which
// therefore run first. It controls the documents below the script's path.
func (h *Handler) worker(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	h.played(r).change(func(p *played) { io.WriteString(w, p.first) })
	stock.Execute(w, map[string]string{"Version": "1", "ResourcesToCache": "[]"})
}
