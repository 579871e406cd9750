package presence

import (
	"maps"
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
	came  uint64              // how many have come so far
}

// A present is a user in a place.
type present struct {
	connections int
	number      uint64    // of those who have come
	left        time.Time // when the last connection ended, if there is none
	known       bool      // profile was called
	person      person    // without a key if the user is not named
}

// enter counts a connection.
func (p *place) enter(user string) {
	v := p.users[user]
	if v == nil {
		p.came++
		v = &present{number: p.came}
		p.users[user] = v
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
	maps.DeleteFunc(p.users, func(_ string, v *present) bool {
		return v.connections == 0 && now.Sub(v.left) >= graceTime
	})
	for _, v := range p.users {
		if end := v.left.Add(graceTime); v.connections == 0 && (!ok || end.Before(next)) {
			next, ok = end, true
		}
	}
	return next, ok
}

// first returns the users who came first, as many as are named.
func (p *place) first() []string {
	numbers, users := make([]uint64, 0, len(p.users)), make(map[uint64]string, len(p.users))
	for user, v := range p.users {
		numbers, users[v.number] = append(numbers, v.number), user
	}
	slices.Sort(numbers)
	first := make([]string, min(len(numbers), presence.MaxListed))
	for i := range first {
		first[i] = users[numbers[i]]
	}
	return first
}

// section returns what the list has to be.
func (p *place) section() section {
	s := section{People: []person{}, Total: len(p.users)}
	for _, user := range p.first() {
		if v := p.users[user]; v.person.Key != "" {
			s.People = append(s.People, v.person)
		}
	}
	return s
}
