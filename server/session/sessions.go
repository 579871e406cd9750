package session

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/gorilla/securecookie"

	"github.com/seawaykit/seaway/server/access"
)

// Sessions sign users in and recognise them. Make them with [New]. Its methods are safe
// for concurrent use; [Sessions.Keep] comes before the others.
type Sessions struct {
	opts   Options
	codecs []securecookie.Codec
	kept   *kept // nil without Keep
}

// New returns Sessions. It refuses options without a key, and keys that are too short.
func New(opts Options) (*Sessions, error) {
	opts.Name = cmp.Or(opts.Name, defaultName)
	opts.MaxAge = cmp.Or(opts.MaxAge, defaultMaxAge)
	if err := opts.check(); err != nil {
		return nil, err
	}
	s := &Sessions{opts: opts}
	for _, key := range opts.Keys {
		codec := securecookie.New(key, nil)
		codec.SetSerializer(securecookie.JSONEncoder{})
		codec.MaxAge(int(opts.MaxAge.Seconds()))
		s.codecs = append(s.codecs, codec)
	}
	return s, nil
}

var errNoUser = errors.New("session: the user's name is empty")

// Identify returns the user of a request's session, and an empty name for a request
// without a valid one. It is a live.Options.Identify, to which it also says until when
// the session lasts. The error is that of a log which is out of reach, when it cannot be
// known whether the user has signed out everywhere.
func (s *Sessions) Identify(r *http.Request) (user string, err error) {
	c, err := s.find(r)
	if err != nil || c.User == "" {
		return "", err
	}
	access.Until(r.Context(), s.ends(c))
	return c.User, nil
}

// find returns the first valid content of the request's cookies.
func (s *Sessions) find(r *http.Request) (content, error) {
	name := s.cookieName(r)
	for _, cookie := range r.CookiesNamed(name) {
		var c content
		if securecookie.DecodeMulti(name, cookie.Value, &c, s.codecs...) != nil || !time.Now().Before(s.ends(c)) {
			continue
		}
		ended, err := s.ended(r.Context(), c)
		if err != nil {
			return content{}, err
		}
		if !ended {
			return c, nil
		}
	}
	return content{}, nil
}

// ends returns when a session ends. It is the cookie's beginning that is signed, so that
// a shorter MaxAge holds for the sessions that there are.
func (s *Sessions) ends(c content) time.Time { return time.Unix(c.Begin, 0).Add(s.opts.MaxAge) }

// SignIn begins a session of the user, in place of the one that the browser may have,
// by a cookie on the response. The caller has made sure who the user is. It comes before
// the response's status is written.
func (s *Sessions) SignIn(w http.ResponseWriter, r *http.Request, user string) error {
	if user == "" {
		return errNoUser
	}
	count, err := s.signOuts(r.Context(), user)
	if err != nil {
		return err
	}
	if before, err := s.find(r); err != nil {
		return err
	} else if before.User != "" && before.User != user {
		http.SetCookie(w, s.signedOut(r))
	}
	name := s.cookieName(r)
	value, err := securecookie.EncodeMulti(name, content{User: user, SignOuts: count, Begin: time.Now().Unix()}, s.codecs[0])
	if err != nil {
		return err
	}
	http.SetCookie(w, s.cookie(r, value, int(s.opts.MaxAge.Seconds())))
	return nil
}

// SignOut ends the session in this browser, by cookies on the response, which come before
// the response's status is written. Pages of package app/live then forget what the browser
// has kept for the user, such as drafts, and those in other tabs are loaded anew.
func (s *Sessions) SignOut(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, s.cookie(r, "", -1))
	http.SetCookie(w, s.signedOut(r))
}

// SignOutEverywhere ends all sessions of a user, on every device, and the streams, polls
// and sockets that they have opened: see the package's promises. ctx bounds it. It may be
// called again after an error.
func (s *Sessions) SignOutEverywhere(ctx context.Context, user string) error {
	switch {
	case user == "":
		return errNoUser
	case s.kept == nil:
		return errNotKept
	}
	return s.kept.signOut(ctx, user)
}
