package live

import (
	"net"
	"net/http"

	"github.com/seawaykit/seaway/server/httpd"
)

// Headers that every answer has, unless its handler sets others.
const (
	// transportSecurity makes browsers use HTTPS for a year.
	transportSecurity = "max-age=31536000"
	// permissions are those that no page of the kit needs. A page that does sets its own.
	permissions = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
)

// secureHeaders sets what browsers keep pages apart by: no other site's page holds a window
// of this one (Cross-Origin-Opener-Policy), or embeds its answers without CORS
// (Cross-Origin-Resource-Policy), which is also what keeps them out of its process.
func secureHeaders(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		header.Set("Permissions-Policy", permissions)
		if httpd.Secure(r) && !isLocalhost(r.Host) {
			header.Set("Strict-Transport-Security", transportSecurity)
		}
		h.ServeHTTP(w, r)
	})
}

// isLocalhost reports whether a host is the name that all programs of a developer's machine
// share: one with TLS must not take it from those without.
func isLocalhost(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return host == "localhost"
}
