package presence

import (
	"context"
	"encoding/json"

	"github.com/seawaykit/seaway/server/live"
	"github.com/seawaykit/seaway/shared/presence"
)

// A Present knows who is connected. Make it with [Serve].
type Present[Profile any] struct{ node *node }

// Serve keeps the lists of a kind and serves them to pages. It is called before s serves.
//
// profile returns what others see of a user; an error, after which it is called again, leaves
// the user out so far. It may block for a second. It is called once for each user who
// connects to this node, and by [Present.Refresh].
func Serve[Profile any](s *live.Server, kind presence.Kind[Profile], rule live.Rule, profile func(ctx context.Context, user string) (Profile, error)) *Present[Profile] {
	n := newNode(s.Log(), s.Logger(), kind.Name(), func(ctx context.Context, user string) (json.RawMessage, error) {
		w, err := profile(ctx, user)
		if err != nil {
			return nil, err
		}
		return json.Marshal(&w)
	})
	n.rule, n.fingerprint = rule, kind.Lists().Fingerprint()
	s.Provide(n)
	return &Present[Profile]{n}
}

// Refresh calls the function given to [Serve] for a user again, on this node: for the node
// on which the user is connected, after a change of the name.
func (p *Present[Profile]) Refresh(user string) { p.node.refresh(user) }

// List returns the list of a key as this node knows it.
func (p *Present[Profile]) List(key string) (presence.Here[Profile], error) {
	data, _ := p.node.value(key)
	var here presence.Here[Profile]
	return here, json.Unmarshal(data, &here)
}

// Site is the key of the list of all who are connected: [presence.Site].
const Site = presence.Site
