//go:build !js

package fault

import (
	"encoding/json"
	"net/http"
)

// Respond answers a request with the error's status and JSON body. If a retry may
// help, the answer has a Retry-After header of one second (RFC 9110, section
// 10.2.3).
func Respond(w http.ResponseWriter, e *Error) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	if e.Retry {
		h.Set("Retry-After", "1")
	}
	w.WriteHeader(e.Status())
	// A client that has disconnected is not this server's failure.
	_ = json.NewEncoder(w).Encode(Body{Error: e})
}
