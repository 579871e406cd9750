package httpd

import "net/http"

// Secure reports whether a request has come by HTTPS.
func Secure(r *http.Request) bool { return r.TLS != nil }
