package live

import (
	"context"
	"net/http"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/shared/event"
)

// Unchanged reports whether what was drawn from topics, up to a position, is still
// what a stranger may see: no event of theirs that was acknowledged before the call
// comes after the position, on any node, and the rule of no state among them refuses
// strangers. It does not read events from the log: of a
// position that is older than those in memory it reports false. ctx bounds the call.
func (s *Server) Unchanged(ctx context.Context, since event.ID, topics ...string) (bool, error) {
	if err := s.CatchUp(ctx); err != nil {
		return false, err
	}
	return s.streams.Unchanged(since, topics...) && s.arePublic(ctx, topics), nil
}

// arePublic reports whether the rules allow a stranger to see the states among the
// topics.
func (s *Server) arePublic(ctx context.Context, topics []string) bool {
	for _, topic := range topics {
		k := s.valueOf(topic)
		if k == nil {
			continue
		}
		r, err := strangersRequest(ctx)
		if err != nil || k.allows(access.Right{Action: access.Read, Topic: topic, HTTP: r}) != nil {
			return false
		}
	}
	return true
}

// strangersRequest is what rules are asked with for a page that is drawn for everyone.
func strangersRequest(ctx context.Context) (*http.Request, error) {
	return http.NewRequestWithContext(ctx, http.MethodGet, "/state", nil)
}
