package source

import (
	"errors"
	"slices"
	"strings"

	"github.com/seawaykit/seaway/shared/event"
)

// ErrClosed says that Follow or Unfollow came after the source's end.
var ErrClosed = errors.New("source: the source is closed")

// A FollowError says that the server refuses topics that were given to
// [Source.Follow]. It goes to OnError, and the other topics are not affected.
type FollowError struct {
	Topics []string // all of one call
	Reason Reason
}

// Error names the topics and the reason.
func (e *FollowError) Error() string {
	return "follow " + strings.Join(e.Topics, ", ") + ": " + e.Reason.Text
}

// Unwrap returns the server's own error, if it sent one.
func (e *FollowError) Unwrap() error {
	if e.Reason.Fault == nil {
		return nil
	}
	return e.Reason.Fault
}

// A change is one call of Follow or Unfollow that the loop has not dealt with.
type change struct {
	topics  []string
	follows bool
}

// Follow adds topics to those that the source follows, while it is live or in any
// other phase. It does not block and may be called from anywhere, also before Start
// and from functions given to On. See the package's doc for what is promised.
//
// The error is an [*event.NameError] for a bad topic, in which case none is added,
// or [ErrClosed]. How many topics a stream may have is for the server to say: what it
// refuses goes to OnError, as a [*FollowError], and is not followed. Topics that are
// followed already are passed over.
func (s *Source) Follow(topics ...string) error {
	for _, topic := range topics {
		if err := event.CheckTopic(topic); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended() {
		return ErrClosed
	}
	added := without(slices.Compact(slices.Sorted(slices.Values(topics))), s.wanted)
	if len(added) > 0 {
		s.wanted = append(s.wanted, added...)
		s.change(added, true)
	}
	return nil
}

// Unfollow removes topics from those that the source follows. When it has returned no
// function is called with an event of theirs, but one that is running on another
// goroutine is not interrupted. It does not block, and may be called from anywhere. The
// connection is left alone: the next one is without them. Topics that are not followed
// are passed over.
//
// The error is [ErrNoTopics] if none would be left, in which case none is removed, or
// [ErrClosed].
func (s *Source) Unfollow(topics ...string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended() {
		return ErrClosed
	}
	rest := without(s.wanted, topics)
	switch len(rest) {
	case len(s.wanted):
		return nil
	case 0:
		return ErrNoTopics
	}
	s.wanted, s.topics = rest, without(s.topics, topics)
	s.change(topics, false)
	return nil
}

// Renew takes a connection of the topics that are followed now in the place of the present
// one, which still has those given to Unfollow: for a server to which it matters who follows
// a topic. It does not block, and nothing is missed or repeated. While the source is not
// live, its next connection has them anyway.
func (s *Source) Renew() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.ended() {
		s.change(nil, true)
	}
}

// Topics returns the topics that State.Position covers: those of [Options], and those
// given to Follow whose retained events the page has, without those given to Unfollow.
func (s *Source) Topics() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.topics)
}

// change and ended need the lock.

func (s *Source) change(topics []string, follows bool) {
	s.changes = append(s.changes, change{topics, follows})
	s.orders.Ring()
}

func (s *Source) ended() bool { return s.closed || s.state.Phase == Closed }

// follows reports whether events of a topic are for the page. A server that does not
// name topics sends no others.
func (s *Source) follows(topic string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return topic == "" || slices.Contains(s.topics, topic)
}

// without returns a copy of all without some.
func without(all, some []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(some, s) })
}
