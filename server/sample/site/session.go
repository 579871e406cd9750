package site

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"
	"time"

	"github.com/felixge/httpsnoop"
	"github.com/gorilla/sessions"

	"github.com/seawaykit/seaway/shared/fault"
)

const (
	cookieName = "seaway"
	cookieAge  = 365 * 24 * time.Hour
	guestValue = "guest" // of the session: the guest's ID
)

// newSessions returns the store of guests' cookies. The cookie is the session:
// the server keeps nothing of it, so every node that has the key knows every
// guest. It is signed and not encrypted, since the ID in it is no secret.
func newSessions(key []byte) *sessions.CookieStore {
	store := sessions.NewCookieStore(key)
	store.MaxAge(int(cookieAge.Seconds())) // the signature's age as well as the browser's
	store.Options.HttpOnly = true
	// Lax and not Strict: a guest who follows a link from elsewhere is the same.
	// Other sites' pages cannot act as a guest: commands and sockets refuse them.
	store.Options.SameSite = http.SameSiteLaxMode
	return store
}

// A visitor is who made a request.
type visitor struct {
	guest string // the guest's ID; empty for a program, or before the first visit
	// begin makes a guest of a visitor who is none, by a cookie on the answer. It
	// is nil where the answer can have none.
	begin func() (guest string, err error)
}

type visitorKey struct{}

// visitorOf returns who made the request of a context.
func visitorOf(ctx context.Context) visitor {
	v, _ := ctx.Value(visitorKey{}).(visitor)
	return v
}

// recognise finds out who makes each request. A cookie that is forged, too old
// or signed with another key is as good as none.
func (s *Site) recognise(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, withVisitor(r, visitor{guest: s.guestOf(r)}))
	})
}

// admit is recognise for commands, one of which makes guests.
func (s *Site) admit(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := visitor{guest: s.guestOf(r)}
		v.begin = func() (string, error) { return s.beginGuest(w, r) }
		h.ServeHTTP(w, withVisitor(r, v))
	})
}

// welcome makes a guest of everybody who is shown a page, so that the page's
// first connection has its cookie. An answer that is no page sets none, nor does
// one to a guest: nothing else about it differs.
func (s *Site) welcome(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && s.guestOf(r) == "" {
			w = s.welcoming(w, r)
		}
		h.ServeHTTP(w, r)
	})
}

// welcoming returns a writer that adds the cookie when the head is written.
func (s *Site) welcoming(w http.ResponseWriter, r *http.Request) http.ResponseWriter {
	written := false
	head := func(status int) {
		if !written && status == http.StatusOK && isHTML(w.Header()) {
			if _, err := s.beginGuest(w, r); err != nil {
				s.opts.Logger.Error("a visitor was given no cookie", "err", err)
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

func withVisitor(r *http.Request, v visitor) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), visitorKey{}, v))
}

// guestOf reads the cookie.
func (s *Site) guestOf(r *http.Request) string {
	session, err := s.sessions.New(r, cookieName)
	if err != nil {
		return ""
	}
	guest, _ := session.Values[guestValue].(string)
	return guest
}

// beginGuest makes a guest and sets the cookie.
func (s *Site) beginGuest(w http.ResponseWriter, r *http.Request) (guest string, err error) {
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

// errStranger refuses what only a guest can do.
var errStranger = fault.New(fault.Unauthenticated, "only a guest can do this: visit a page, or call guest.whoami, and keep the cookie")
