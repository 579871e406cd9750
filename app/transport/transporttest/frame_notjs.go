//go:build !js

package transporttest

import (
	_ "embed"
	"io"
	"net/http"
)

//go:embed frame.html
var document []byte

func frame(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Write(document)
}

func (h *Handler) setWorker(w http.ResponseWriter, r *http.Request) {
	first, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	h.played(r).change(func(p *played) { p.first = string(first) })
}

// worker serves the service worker with the script's own listeners before it,
// which therefore run first. It controls the documents below the script's path.
func (h *Handler) worker(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	h.played(r).change(func(p *played) { io.WriteString(w, p.first) })
	io.WriteString(w, h.Worker)
}
