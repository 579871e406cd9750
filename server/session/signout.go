package session

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/state"
)

// Users has a state for each user who has signed out everywhere. Serve it with a nil rule,
// by which no client sees it, and give what that returns to [Sessions.Keep].
var Users = state.Define[User]("session")

// A User is the state of a user: how often they have signed out everywhere. A session that
// began under a smaller number has ended.
type User struct {
	SignOuts uint64 `json:"sign_outs"`
}

// signedOut counts.
var signedOut = state.On(Users, "session.ended", func(u *User, _ event.Of[ending]) { u.SignOuts++ })

// An ending is the event that ends a user's sessions.
type ending struct{}

// States are the states of [Users], as live.Serve returns them.
type States interface {
	View(ctx context.Context, key string, fn func(u *User, at event.ID) error) error
	Read(ctx context.Context, key string, fn func(u *User, at event.ID) error) error
}

// A kept is what signing out everywhere needs.
type kept struct {
	log    eventlog.Log
	states States
	revoke func(ctx context.Context, user, pattern string) error
}

var (
	errNotKept     = errors.New("session: signing out everywhere needs Keep")
	errUnavailable = fault.New(fault.Unavailable, "it cannot be checked just now who you are")
)

// Keep makes it possible to sign out everywhere. It is given the log, the states that
// live.Serve has returned for [Users], and the Revoke of the server, and is called before
// the server serves. Each request is then compared with the user's state, which costs
// microseconds.
func (s *Sessions) Keep(log eventlog.Log, states States, revoke func(ctx context.Context, user, pattern string) error) {
	s.kept = &kept{log, states, revoke}
}

// ended reports whether the user has signed out everywhere since the session began.
func (s *Sessions) ended(ctx context.Context, c content) (bool, error) {
	if s.kept == nil {
		return false, nil
	}
	count, err := s.kept.count(ctx, c.User, s.kept.states.View)
	return count > c.SignOuts, err
}

// signOuts returns the number that a new session has. It is the newest of all nodes.
func (s *Sessions) signOuts(ctx context.Context, user string) (uint64, error) {
	if s.kept == nil {
		return 0, nil
	}
	return s.kept.count(ctx, user, s.kept.states.Read)
}

func (k *kept) count(ctx context.Context, user string, read func(context.Context, string, func(*User, event.ID) error) error) (n uint64, err error) {
	err = read(ctx, keyOf(user), func(u *User, _ event.ID) error {
		n = u.SignOuts
		return nil
	})
	if errors.Is(err, eventlog.ErrUnavailable) {
		err = errUnavailable
	}
	return n, err
}

// signOut returns once this node's state has the new number.
func (k *kept) signOut(ctx context.Context, user string) error {
	if _, err := signedOut.Publish(ctx, k.log, Users.Topic(keyOf(user)), ending{}); err != nil {
		return err
	}
	if _, err := k.count(ctx, user, k.states.Read); err != nil {
		return err
	}
	return k.revoke(ctx, user, "**")
}

// keyOf returns the key of a user's state. A name may be one that no topic can have, such
// as an address of electronic mail.
func keyOf(user string) string {
	sum := sha256.Sum256([]byte(user))
	return hex.EncodeToString(sum[:16])
}
