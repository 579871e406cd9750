package site

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/felixge/httpsnoop"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/server/httpd"
	"github.com/seawaykit/seaway/server/live"
	"github.com/seawaykit/seaway/server/session"
	"github.com/seawaykit/seaway/shared/fault"
)

const (
	cookieName = "seaway"
	cookieAge  = 365 * 24 * time.Hour
)

// newSessions returns the guests' sessions: a guest is a user who has never signed in.
func newSessions(keys [][]byte) (*session.Sessions, error) {
	return session.New(session.Options{Keys: keys, Name: cookieName, MaxAge: cookieAge})
}

// newGuests is how many guests an address may bring: the server stores nothing for one,
// but each has limits of its own.
var newGuests = access.Rate{PerSecond: 10, Burst: 30}

var errTooManyGuests = fault.New(fault.RateLimited, "there are too many new guests from your address: try again in a moment")

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
		if r.Method == http.MethodGet && live.Identity(r.Context()) == "" {
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
			// A page without a guest asks for one later.
			if _, err := s.createGuest(w, r); err != nil && !errors.Is(err, errTooManyGuests) {
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

// guestOf returns the guest of a request that has not come to the server's own handlers yet.
func (s *Site) guestOf(r *http.Request) string {
	guest, _ := s.sessions.Identify(r) // which fails only where sessions are kept as state
	return guest
}

// createGuest creates a guest and sets the cookie.
func (s *Site) createGuest(w http.ResponseWriter, r *http.Request) (guest string, err error) {
	if client, known := httpd.Client(r); known && !s.guests.Allow(client, 1) {
		return "", errTooManyGuests
	}
	guest = newGuest()
	return guest, s.sessions.SignIn(w, r, guest)
}

// newGuest returns an ID of 16 letters and digits, 80 random bits: one token of
// a topic, and without the hyphen that ends it in a message's ID.
func newGuest() string { return rand.Text()[:16] }
