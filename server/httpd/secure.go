package httpd

import (
	"context"
	"net/http"
	"net/netip"
)

// An origin is what is known of a request that has come by a proxy.
type origin struct {
	secure bool
	shared bool // the address is that of a proxy, and many clients'
}

// originKey finds the origin of a request.
type originKey struct{}

func withOrigin(r *http.Request, o origin) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), originKey{}, o))
}

// Secure reports whether a request's client speaks HTTPS, with this server or with a
// trusted proxy in front of it: see [Proxies].
func Secure(r *http.Request) bool {
	if o, ok := r.Context().Value(originKey{}).(origin); ok {
		return o.secure
	}
	return r.TLS != nil
}

// Client returns the network that a request comes from, for limits: the address, and of
// IPv6, where a client has as many as it likes, the first 64 bits. It is false if many
// clients have it, as those of a proxy that is not trusted, or if it is not known.
func Client(r *http.Request) (netip.Prefix, bool) {
	addr, ok := addressOf(r.RemoteAddr)
	if o, forwarded := r.Context().Value(originKey{}).(origin); !ok || forwarded && o.shared {
		return netip.Prefix{}, false
	}
	bits := addr.BitLen()
	if addr.Is6() {
		bits = 64
	}
	network, err := addr.Prefix(bits)
	return network, err == nil
}
