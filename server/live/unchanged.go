package live

import (
	"context"
	"net/http"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/shared/event"
)

// Unchanged reports whether what was drawn from topics, up to a position, is still
// what a stranger may see: no event of theirs that was acknowledged before the call
// comes after the position, on any node, and no rule refuses them to strangers. It does
// not read events from the log: of a position that is older than those in memory it
// reports false. ctx bounds the call.
func (s *Server) Unchanged(ctx context.Context, since event.ID, topics ...string) (bool, error) {
	if err := s.CatchUp(ctx); err != nil {
		return false, err
	}
	return s.streams.Unchanged(since, topics...) && s.arePublic(ctx, topics), nil
}

// arePublic reports whether the rules allow a stranger to see the topics.
func (s *Server) arePublic(ctx context.Context, topics []string) bool {
	ctx = context.WithValue(ctx, callerKey{}, caller{}) // whoever has called
	for _, topic := range topics {
		if s.Sees(ctx, topic) != nil {
			return false
		}
	}
	return true
}

// Sees returns nil if who a context is of may see a topic in a page, and the refusal if not:
// the user of the request whose context it is, or else a stranger. The rule of a state's
// kind is asked about [access.Read], Options.Follow about [access.Follow].
func (s *Server) Sees(ctx context.Context, topic string) error {
	r, err := sender(ctx)
	if err != nil {
		return err
	}
	action := access.Follow
	if s.kindOf(topic) != nil {
		action = access.Read
	}
	_, err = s.may(r, action, []string{topic})
	return err
}

// sender returns the request whose context it is, or that of a stranger: what rules are
// asked with for a page that is drawn for everyone.
func sender(ctx context.Context) (*http.Request, error) {
	if r := callerOf(ctx).request; r != nil {
		return r.WithContext(ctx), nil
	}
	return http.NewRequestWithContext(ctx, http.MethodGet, "/state", nil)
}
