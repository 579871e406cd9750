package site

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"
	"time"

	"github.com/felixge/httpsnoop"
	"github.com/gorilla/sessions"
)

const (
	cookieName = "seaway"
	cookieAge  = 365 * 24 * time.Hour
	guestValue = "guest" // of the session: the guest's ID
)

// newSessions returns the store of guests' cookies. The cookie is the session:
// the server stores nothing, so every node that has the key recognises every
// guest. It is signed and not encrypted, since the ID in it is not secret.
func newSessions(key []byte) *sessions.CookieStore {
	store := sessions.NewCookieStore(key)
	store.MaxAge(int(cookieAge.Seconds())) // the signature's age as well as the browser's
	store.Options.HttpOnly = true
	// Lax and not Strict: a guest who follows a link from another site keeps the
	// identity. Other sites' pages cannot act as a guest: commands and sockets
	// refuse them.
	store.Options.SameSite = http.SameSiteLaxMode
	return store
}

// newGuestKey is the context key of the function that creates a guest for a
// request, by a cookie on its response.
type newGuestKey struct{}

func withNewGuest(r *http.Request, begin func() (guest string, err error)) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), newGuestKey{}, begin))
}

// newGuestFunc returns nil where the response cannot have a cookie.
func newGuestFunc(ctx context.Context) func() (guest string, err error) {
	begin, _ := ctx.Value(newGuestKey{}).(func() (string, error))
	return begin
}

// setGuestCookies creates a guest for each user who loads a page without a
// cookie, so that the page's first connection has it. Responses that are not
// pages set none.
func (s *Site) setGuestCookies(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && s.guestOf(r) == "" {
			w = s.cookieWriter(w, r)
		}
		h.ServeHTTP(w, r)
	})
}

// cookieWriter returns a writer that adds the cookie when the headers are
// written.
func (s *Site) cookieWriter(w http.ResponseWriter, r *http.Request) http.ResponseWriter {
	written := false
	head := func(status int) {
		if !written && status == http.StatusOK && isHTML(w.Header()) {
			if _, err := s.createGuest(w, r); err != nil {
				s.logger.Error("a guest's cookie could not be set", "error", err)
			}
		}
		written = true
	}
	return httpsnoop.Wrap(w, httpsnoop.Hooks{
		WriteHeader: func(next httpsnoop.WriteHeaderFunc) httpsnoop.WriteHeaderFunc {
			return func(status int) { head(status); next(status) }
		},
		Write: func(next httpsnoop.WriteFunc) httpsnoop.WriteFunc {
			return func(p []byte) (int, error) { head(http.StatusOK); return next(p) }
		},
	})
}

func isHTML(h http.Header) bool { return strings.HasPrefix(h.Get("Content-Type"), "text/html") }

// guestOf returns the guest of the request's cookie. A cookie that is forged,
// expired or signed with another key is ignored.
func (s *Site) guestOf(r *http.Request) string {
	session, err := s.sessions.New(r, cookieName)
	if err != nil {
		return ""
	}
	guest, _ := session.Values[guestValue].(string)
	return guest
}

// createGuest creates a guest and sets the cookie.
func (s *Site) createGuest(w http.ResponseWriter, r *http.Request) (guest string, err error) {
	session := sessions.NewSession(s.sessions, cookieName)
	opts := *s.sessions.Options
	opts.Secure = r.TLS != nil
	session.Options = &opts
	guest = newGuest()
	session.Values[guestValue] = guest
	return guest, s.sessions.Save(r, w, session)
}

// newGuest returns an ID of 16 letters and digits, 80 random bits: one token of
// a topic, and without the hyphen that ends it in a message's ID.
func newGuest() string { return rand.Text()[:16] }
