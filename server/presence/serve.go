package presence

import (
	"context"
	"encoding/json"

	"github.com/seawaykit/seaway/server/live"
	"github.com/seawaykit/seaway/shared/presence"
)

// A Present knows who is connected. Make it with [Serve].
type Present[Who any] struct{ node *node }

// Serve keeps the lists of a kind and serves them to pages. It is called before s serves.
//
// who returns what others see of a user; an error, after which it is called again, leaves
// the user out so far. It may block for a second. It is called once for each user who
// connects to this node, and by [Present.Refresh].
func Serve[Who any](s *live.Server, kind presence.Kind[Who], rule live.Rule, who func(ctx context.Context, user string) (Who, error)) *Present[Who] {
	n := newNode(s.Log(), s.Logger(), kind.Name(), func(ctx context.Context, user string) (json.RawMessage, error) {
		w, err := who(ctx, user)
		if err != nil {
			return nil, err
		}
		return json.Marshal(&w)
	})
	n.rule, n.fingerprint = rule, kind.Lists().Fingerprint()
	s.Provide(n)
	return &Present[Who]{n}
}

// Refresh calls the function given to [Serve] for a user again, on this node: for the node
// on which the user is connected, after a change of the name.
func (p *Present[Who]) Refresh(user string) { p.node.refresh(user) }

// List returns the list of a key as this node knows it.
func (p *Present[Who]) List(key string) (presence.Here[Who], error) {
	data, _ := p.node.value(key)
	var here presence.Here[Who]
	return here, json.Unmarshal(data, &here)
}
