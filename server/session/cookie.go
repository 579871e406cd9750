package session

import (
	"cmp"
	"crypto/rand"
	"net/http"

	"github.com/seawaykit/seaway/server/httpd"
)

// A content is what a cookie holds. Its fields have short names, since each request
// carries it.
type content struct {
	User     string `json:"u"`
	SignOuts uint64 `json:"n,omitempty"` // how often the user had signed out everywhere
	Begin    int64  `json:"b"`           // when the user signed in, in seconds since 1970
}

// cookieName returns the name by which browsers accept the cookie from this host alone.
// The prefixed names need HTTPS. The signature is of the name as well, so that what was
// sent without HTTPS is not accepted with it.
func (s *Sessions) cookieName(r *http.Request) string {
	switch {
	case !httpd.Secure(r):
		return s.opts.Name
	case s.path(r) != "/":
		return "__Secure-" + s.opts.Name
	default:
		return "__Host-" + s.opts.Name
	}
}

// path returns the path of the cookie.
func (s *Sessions) path(r *http.Request) string {
	return cmp.Or(s.opts.Path, httpd.Prefix(r)+"/")
}

// signedOut returns the cookie that tells the scripts of pages that a user has signed out, by
// a value that it has never had: see signout.js of package app/live. It proves nothing.
func (s *Sessions) signedOut(r *http.Request) *http.Cookie {
	c := s.cookie(r, rand.Text(), int(s.opts.MaxAge.Seconds()))
	c.Name, c.HttpOnly = c.Name+"-signed-out", false
	return c
}

// cookie returns the cookie of a response.
func (s *Sessions) cookie(r *http.Request, value string, maxAge int) *http.Cookie {
	return &http.Cookie{
		Name: s.cookieName(r), Value: value, Path: s.path(r), MaxAge: maxAge, Secure: httpd.Secure(r), HttpOnly: true,
		// Lax and not Strict: a user who follows a link from another site stays signed in.
		// Other sites' pages cannot act as the user: commands and sockets refuse them.
		SameSite: http.SameSiteLaxMode,
	}
}
