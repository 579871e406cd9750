package presence

import (
	"slices"
	"time"

	"github.com/seawaykit/seaway/shared/presence"
)

// graceTime is how long a user without a connection is here: a page that is loaded again,
// or that polls, has none for a moment.
const graceTime = 5 * time.Second

// A place is the part of a list that this node has: the users of its connections.
type place struct {
	users map[string]*present // by identity
	order []*present          // the same, as they came
}

// A present is a user in a place.
type present struct {
	user        string
	connections int
	left        time.Time // when the last connection ended, if there is none
	known       bool      // profile was called
	person      person    // without a key if the user is not named
}

// enter counts a connection.
func (p *place) enter(user string) {
	v := p.users[user]
	if v == nil {
		v = &present{user: user}
		p.users[user], p.order = v, append(p.order, v)
	}
	v.connections++
}

// leave counts the end of one.
func (p *place) leave(user string, now time.Time) {
	if v := p.users[user]; v != nil {
		v.connections--
		v.left = now
	}
}

// dismiss drops those whose grace time is over, and returns when the next one's is, if one's
// will be.
func (p *place) dismiss(now time.Time) (next time.Time, ok bool) {
	p.order = slices.DeleteFunc(p.order, func(v *present) bool {
		if v.connections > 0 {
			return false
		}
		end := v.left.Add(graceTime)
		if !now.Before(end) {
			delete(p.users, v.user)
			return true
		}
		if !ok || end.Before(next) {
			next, ok = end, true
		}
		return false
	})
	return next, ok
}

// first returns the users who came first, as many as are named.
func (p *place) first() []*present { return p.order[:min(len(p.order), presence.MaxListed)] }

// section returns what the list has to be.
func (p *place) section() section {
	s := section{People: []person{}, Total: len(p.users)}
	for _, v := range p.first() {
		if v.person.Key != "" {
			s.People = append(s.People, v.person)
		}
	}
	return s
}
