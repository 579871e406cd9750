package session_test

import (
	"bytes"
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/server/httpd"
	"github.com/seawaykit/seaway/server/session"
)

var key = bytes.Repeat([]byte("k"), session.MinKey)

func newSessions(t *testing.T, opts session.Options) *session.Sessions {
	t.Helper()
	if opts.Keys == nil {
		opts.Keys = [][]byte{key}
	}
	s, err := session.New(opts)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// request returns one that has come by HTTPS or not, with a Cookie header.
func request(secure bool, cookies string) *http.Request {
	r := httptest.NewRequest("GET", "/", nil)
	if r.TLS = nil; secure {
		r.TLS = &tls.ConnectionState{}
	}
	if cookies != "" {
		r.Header.Set("Cookie", cookies)
	}
	return r
}

// signIn returns the user's cookie.
func signIn(t *testing.T, s *session.Sessions, secure bool, user string) *http.Cookie {
	t.Helper()
	w := httptest.NewRecorder()
	if err := s.SignIn(w, request(secure, ""), user); err != nil {
		t.Fatal(err)
	}
	return w.Result().Cookies()[0]
}

func checkUser(t *testing.T, what string, s *session.Sessions, r *http.Request, want string) {
	t.Helper()
	if got, err := s.Identify(r); got != want || err != nil {
		t.Errorf("%s: the user is %q (%v), want %q", what, got, err, want)
	}
}

func pair(c *http.Cookie) string { return c.Name + "=" + c.Value }

func TestCookieHasItsAttributes(t *testing.T) {
	for _, c := range []struct {
		secure     bool
		path, name string
	}{{false, "", "session"}, {true, "", "__Host-session"}, {true, "/app/", "__Secure-session"}, {false, "/app/", "session"}} {
		got := signIn(t, newSessions(t, session.Options{Path: c.path, MaxAge: time.Hour}), c.secure, "ann")
		path := c.path
		if path == "" {
			path = "/"
		}
		if got.Name != c.name || got.Path != path || got.Secure != c.secure || !got.HttpOnly || got.SameSite != http.SameSiteLaxMode || got.MaxAge != 3600 || got.Domain != "" {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

// Without a path of its own the cookie is for the site's.
func TestCookieIsForTheSitesPrefix(t *testing.T) {
	s := newSessions(t, session.Options{})
	w, r := httptest.NewRecorder(), httpd.AtSite(request(false, ""), "/app", true)
	if err := s.SignIn(w, r, "ann"); err != nil {
		t.Fatal(err)
	}
	got := w.Result().Cookies()[0]
	if got.Name != "__Secure-session" || got.Path != "/app/" || !got.Secure {
		t.Errorf("below a prefix: %s", got)
	}
	again := httpd.AtSite(request(false, pair(got)), "/app", true)
	checkUser(t, "its cookie", s, again, "ann")
}

func TestSessionIsOfTheUserThatSignedIn(t *testing.T) {
	s := newSessions(t, session.Options{})
	for _, secure := range []bool{false, true} {
		cookie := signIn(t, s, secure, "ann@example.com")
		checkUser(t, "the cookie", s, request(secure, pair(cookie)), "ann@example.com")
		checkUser(t, "no cookie", s, request(secure, ""), "")
	}
	if err := s.SignIn(httptest.NewRecorder(), request(false, ""), ""); err == nil {
		t.Error("a user without a name has signed in")
	}
}

// A cookie that has come without HTTPS may have been planted by anyone on the way.
func TestSessionOverHTTPSIsNotReadFromAnotherName(t *testing.T) {
	s := newSessions(t, session.Options{})
	plain := signIn(t, s, false, "mallory")
	checkUser(t, "a plain cookie over HTTPS", s, request(true, pair(plain)), "")
	checkUser(t, "its value under the other name", s, request(true, "__Host-session="+plain.Value), "")
}

func TestCookieOfASiblingSignsOutNoUser(t *testing.T) {
	s := newSessions(t, session.Options{})
	own := pair(signIn(t, s, false, "ann"))
	foreign := pair(signIn(t, newSessions(t, session.Options{Keys: [][]byte{bytes.Repeat([]byte("f"), 32)}}), false, "mallory"))
	checkUser(t, "after garbage", s, request(false, "session=garbage; "+foreign+"; "+own), "ann")
}

func TestCookieThatIsForgedIsNoIdentity(t *testing.T) {
	s := newSessions(t, session.Options{})
	real := signIn(t, s, false, "ann").Value
	for name, value := range map[string]string{"garbage": "x", "changed": real[:len(real)-4] + "AAAA", "cut": real[:len(real)/2], "empty": ""} {
		checkUser(t, name, s, request(false, "session="+value), "")
	}
	checkUser(t, "another name's", newSessions(t, session.Options{Name: "other"}), request(false, "other="+real), "")
}

func TestKeysRotate(t *testing.T) {
	old, fresh := bytes.Repeat([]byte("o"), 32), bytes.Repeat([]byte("n"), 32)
	before := newSessions(t, session.Options{Keys: [][]byte{old}})
	during := newSessions(t, session.Options{Keys: [][]byte{fresh, old}})
	after := newSessions(t, session.Options{Keys: [][]byte{fresh}})
	first, second := pair(signIn(t, before, false, "ann")), pair(signIn(t, during, false, "ann"))
	checkUser(t, "the old key's, while both are there", during, request(false, first), "ann")
	checkUser(t, "the new key's", after, request(false, second), "ann")
	checkUser(t, "the old key's, once it is gone", after, request(false, first), "")
	for _, keys := range [][][]byte{nil, {}, {old, []byte("short")}} {
		if _, err := session.New(session.Options{Keys: keys}); err == nil {
			t.Errorf("%d keys are taken", len(keys))
		}
	}
}

func TestSessionExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, shorter := newSessions(t, session.Options{MaxAge: time.Hour}), newSessions(t, session.Options{MaxAge: time.Minute})
		cookie := pair(signIn(t, s, false, "ann"))
		ends := time.Now().Add(time.Hour).Truncate(time.Second)
		r := request(false, cookie)
		r = r.WithContext(access.WithExpiry(r.Context()))
		checkUser(t, "at once", s, r, "ann")
		if at, ok := access.Expiry(r.Context()); !ok || !at.Equal(ends) {
			t.Errorf("it lasts until %v (%v), want %v", at, ok, ends)
		}
		time.Sleep(time.Hour - time.Second)
		checkUser(t, "a second before its end", s, request(false, cookie), "ann")
		checkUser(t, "under a MaxAge that is shorter now", shorter, request(false, cookie), "")
		time.Sleep(time.Second)
		checkUser(t, "at its end", s, request(false, cookie), "")
	})
}

func TestSignOutRemovesTheCookie(t *testing.T) {
	s := newSessions(t, session.Options{})
	w := httptest.NewRecorder()
	s.SignOut(w, request(true, ""))
	if got := w.Header().Get("Set-Cookie"); !strings.HasPrefix(got, "__Host-session=;") || !strings.Contains(got, "Max-Age=0") {
		t.Errorf("the cookie is %q", got)
	}
	if c := signedOut(w); c == nil || c.Name != "__Host-session-signed-out" || c.HttpOnly || !c.Secure || c.Value == "" {
		t.Errorf("pages get the cookie %v", c)
	}
}

// signedOut returns the cookie that tells pages of a sign-out, nil without one.
func signedOut(w *httptest.ResponseRecorder) *http.Cookie {
	for _, c := range w.Result().Cookies() {
		if strings.HasSuffix(c.Name, "-signed-out") {
			return c
		}
	}
	return nil
}

// Pages forget what they have kept for the user before.
func TestSignInInThePlaceOfAnotherUserIsASignOut(t *testing.T) {
	s := newSessions(t, session.Options{})
	ann := pair(signIn(t, s, false, "ann"))
	for cookies, want := range map[string]bool{"": false, "session=garbage": false, ann: true} {
		w := httptest.NewRecorder()
		if err := s.SignIn(w, request(false, cookies), "bob"); err != nil || (signedOut(w) != nil) != want {
			t.Errorf("with %q: %v, %v", cookies, w.Result().Cookies(), err)
		}
	}
	w := httptest.NewRecorder()
	if err := s.SignIn(w, request(false, ann), "ann"); err != nil || signedOut(w) != nil {
		t.Errorf("the same user again: %v, %v", w.Result().Cookies(), err)
	}
}
