package live

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	neturl "net/url"
	"regexp"
	"strings"

	"github.com/felixge/httpsnoop"

	"github.com/seawaykit/seaway/server/httpd"
)

// A publicURL is the address of the site as browsers have it. The zero value is of a site
// that is at the root of whatever host a request names.
type publicURL struct {
	scheme, host string // the host with its port, unless it is the scheme's
	prefix       string // of all paths, as /app; empty for a site at the root
}

// prefixPath is what a prefix may be: it stands in HTML, cookies and scripts as it is.
var prefixPath = regexp.MustCompile(`^(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*$`)

func parsePublicURL(text string) (publicURL, error) {
	var site publicURL
	if text == "" {
		return site, nil
	}
	u, err := neturl.Parse(text)
	switch {
	case err != nil:
		return site, fmt.Errorf("the public URL: %w", err)
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "", u.User != nil, u.RawQuery != "", u.Fragment != "":
		return site, fmt.Errorf("the public URL %q is not as https://example.com or https://example.com/app/", text)
	}
	site.scheme, site.host = u.Scheme, strings.ToLower(u.Host)
	if u.Port() == map[string]string{"http": "80", "https": "443"}[u.Scheme] {
		site.host = strings.TrimSuffix(site.host, ":"+u.Port())
	}
	site.prefix = strings.TrimSuffix(u.EscapedPath(), "/")
	if !prefixPath.MatchString(site.prefix) {
		return site, fmt.Errorf("the public URL %q: its path is not as /app/, of letters, digits and ._~-", text)
	}
	return site, nil
}

// origin is that of the site's pages, empty if it is not known.
func (p publicURL) origin() string {
	if p.host == "" {
		return ""
	}
	return p.scheme + "://" + p.host
}

// path returns the path in a browser of one of this server.
func (p publicURL) path(path string) string {
	if p.prefix == "" || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || path == p.prefix || strings.HasPrefix(path, p.prefix+"/") {
		return path
	}
	return p.prefix + path
}

// origins are those whose pages may use the server.
func (p publicURL) origins(others []string) []string {
	if p.host == "" {
		return others
	}
	return append([]string{p.origin()}, others...)
}

// known returns a handler that calls h with what is known of the site: see [httpd.AtSite].
func (p publicURL) known(h http.Handler) http.Handler {
	if p.host == "" {
		return h
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, httpd.AtSite(r, p.prefix, p.scheme == "https" && p.isOwn(r.Host)))
	})
}

// only returns a handler that calls h for requests to this site, and refuse for those to
// another host: a page of a foreign name that has been made to mean this server's address
// would be of the same origin as what it reads here. Names that only mean the client's own
// machine cannot be made so.
func (p publicURL) only(h, refuse http.Handler) http.Handler {
	if p.host == "" {
		return h
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.isOwn(r.Host) || isLoopback(r.Host) {
			h.ServeHTTP(w, r)
		} else {
			refuse.ServeHTTP(w, r)
		}
	})
}

// mounted returns a handler that calls h with the paths below the prefix. A path without
// it is one from which a proxy has stripped it.
func (p publicURL) mounted(h http.Handler) http.Handler {
	if p.prefix == "" {
		return h
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == p.prefix {
			to := neturl.URL{Path: p.prefix + "/", RawQuery: r.URL.RawQuery}
			http.Redirect(w, r, to.String(), http.StatusPermanentRedirect)
			return
		}
		h.ServeHTTP(p.prefixing(w), p.below(r))
	})
}

// isOwn reports whether a request's host is the site's, on any port: those of one host
// are of the same owner. Clients of HTTP/1.0 name none.
func (p publicURL) isOwn(host string) bool {
	return host == "" || nameOf(host) == nameOf(p.host)
}

// isLoopback reports whether a host is this machine's own name for itself.
func isLoopback(host string) bool {
	name := nameOf(host)
	addr, err := netip.ParseAddr(name)
	return name == "localhost" || err == nil && addr.IsLoopback()
}

// nameOf returns a host without its port.
func nameOf(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.TrimSuffix(strings.ToLower(strings.Trim(host, "[]")), ".")
}

// below returns a request with the path below the prefix.
func (p publicURL) below(r *http.Request) *http.Request {
	path, ok := strings.CutPrefix(r.URL.Path, p.prefix+"/")
	if !ok {
		return r
	}
	at, u := *r, *r.URL
	u.Path = "/" + path
	if raw, ok := strings.CutPrefix(u.RawPath, p.prefix+"/"); ok {
		u.RawPath = "/" + raw
	} else {
		u.RawPath = "" // the prefix itself was escaped
	}
	at.URL = &u
	return &at
}

// prefixing returns a writer that puts the prefix before the path to which an answer
// redirects: handlers, and http.ServeMux, know only what is below it.
func (p publicURL) prefixing(w http.ResponseWriter) http.ResponseWriter {
	return httpsnoop.Wrap(w, httpsnoop.Hooks{WriteHeader: func(next httpsnoop.WriteHeaderFunc) httpsnoop.WriteHeaderFunc {
		return func(status int) {
			if to := w.Header().Get("Location"); to != "" {
				w.Header().Set("Location", p.path(to))
			}
			next(status)
		}
	}})
}
