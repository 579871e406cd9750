package httpd

import (
	"context"
	"net/http"
)

// An origin is what is known of a request that has come by a proxy.
type origin struct {
	secure bool
	stated bool   // a trusted proxy has said whether it is
	shared bool   // the address is that of a proxy, and many clients'
	prefix string // of the site's paths
}

// originKey finds the origin of a request.
type originKey struct{}

func withOrigin(r *http.Request, o origin) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), originKey{}, o))
}

func originOf(r *http.Request) origin {
	if o, ok := r.Context().Value(originKey{}).(origin); ok {
		return o
	}
	c, _ := r.Context().Value(connectionKey{}).(*connection)
	return origin{secure: r.TLS != nil || c != nil && c.secure}
}

// AtSite returns the request as one to a site whose paths begin with a prefix, as /app,
// for [Prefix]. If the site is known to speak HTTPS, the request's client does, unless a
// trusted proxy has said otherwise.
func AtSite(r *http.Request, prefix string, secure bool) *http.Request {
	o := originOf(r)
	o.prefix, o.secure = prefix, o.secure || secure && !o.stated
	return withOrigin(r, o)
}

// Prefix returns the prefix of the paths of the site that a request is to, as /app, which
// its URL does not have: for cookies and addresses in answers. It is empty for a site at
// the root of its host.
func Prefix(r *http.Request) string { return originOf(r).prefix }

// Secure reports whether a request's client speaks HTTPS, with this server or with a
// trusted proxy in front of it: see [Proxies] and [AtSite].
func Secure(r *http.Request) bool {
	return originOf(r).secure
}

// Network names the network of a request's client, for people who read it: the first 24
// bits of an address of IPv4, of IPv6 the first 48. It is empty if the address is none.
func Network(r *http.Request) string {
	addr, ok := addressOf(r.RemoteAddr)
	if !ok {
		return ""
	}
	bits := 48
	if addr.Is4() {
		bits = 24
	}
	network, err := addr.Prefix(bits)
	if err != nil {
		return ""
	}
	return network.String()
}

// Client names the client of a request for limits: by the address, or, of IPv6, where a
// client has as many as it likes, by the first 64 bits. It returns false if many clients
// have the address, as those of a proxy that is not trusted.
func Client(r *http.Request) (name string, ok bool) {
	if originOf(r).shared {
		return "", false
	}
	addr, ok := addressOf(r.RemoteAddr)
	switch {
	case !ok:
		return r.RemoteAddr, r.RemoteAddr != "" // as a middleware has put it there
	case addr.Is4():
		return addr.String(), true
	}
	network, err := addr.Prefix(64)
	return network.String(), err == nil
}
