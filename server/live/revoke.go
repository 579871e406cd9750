package live

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/event"
)

const (
	// revokedTopic has the revocations, for all nodes.
	revokedTopic = internalTopics + "revoked"
	// revokedLife is for how long a revocation stays in the log: much longer than nodes
	// need, whose streams end within seconds.
	revokedLife = time.Hour
)

// AllUsers stands for every user, and for strangers, in [Server.Revoke].
const AllUsers = "*"

// A revocation is the event by which a node has others revoke rights. It has no event type
// of package event, since it is not for pages: their hello would name it.
type revocation struct {
	User    string `json:"user"`
	Pattern string `json:"pattern"`
	Node    string `json:"node"` // which has done so already
}

// Revoke ends the streams, polls and sockets of a user that follow a topic which the pattern
// matches, on all nodes: here before it returns, and at most 1 s later where a client does
// not read; on other nodes within 10 s. Each client is sent a bye and comes back, and
// the rules decide anew: a page that is refused shows why, and stops trying. So change what
// the rules decide by first. Calls and mutations need no Revoke: the rules are asked about
// each. The user may be [AllUsers]; patterns are those of package access. The error is that
// the pattern is none, or that the log did not take it: then the other nodes do not know
// yet, and Revoke is to be called again.
func (s *Server) Revoke(ctx context.Context, user, pattern string) error {
	if err := access.CheckPattern(pattern); err != nil {
		return err
	}
	s.revokeHere(user, pattern)
	data, err := json.Marshal(revocation{user, pattern, s.node})
	if err != nil {
		return err
	}
	_, err = s.log.Append(ctx, event.Draft{Topic: revokedTopic, Type: revokedTopic, Data: data, TTL: revokedLife})
	return err
}

func (s *Server) revokeHere(user, pattern string) {
	s.streams.Revoke(func(identity string, topics []string) bool {
		return (user == AllUsers || identity == user) &&
			slices.ContainsFunc(topics, func(topic string) bool { return s.isRuled(topic, pattern) })
	})
}

// revocations returns the subscription to what other nodes revoke.
func (s *Server) revocations() sse.Subscription {
	return sse.Subscription{
		Topics: []string{revokedTopic},
		Begin:  func(string) {}, Current: func() {},
		Events: func(events []event.Event) {
			for _, e := range events {
				var r revocation
				if err := json.Unmarshal(e.Data(), &r); err != nil {
					s.opts.Logger.Error("a revocation cannot be read", "id", e.ID(), "error", err)
				} else if r.Node != s.node {
					s.revokeHere(r.User, r.Pattern)
				}
			}
		},
	}
}

// newNode returns a name that no other server has.
func newNode() string { return rand.Text() }

// expiry returns when the identity of a request ends, for the streams.
func expiry(r *http.Request) (time.Time, bool) { return access.Expiry(r.Context()) }
