package live

import (
	"context"
	"net/http"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/server/internal/provider"
)

// Provide has s serve the topics of a package of this module, such as server/presence,
// which calls it before s serves.
func (s *Server) Provide(p provider.Provider) { s.providers = append(s.providers, p) }

// connect is OnConnect of the streams.
func (s *Server) connect(r *http.Request, identity string, topics []string) (disconnected func()) {
	if len(s.providers) == 0 && s.opts.OnConnect == nil {
		return nil
	}
	var all []func()
	for _, p := range s.providers {
		if fn := p.Connect(identity, topics); fn != nil {
			all = append(all, fn)
		}
	}
	if s.opts.OnConnect != nil {
		if fn := s.opts.OnConnect(r, identity, topics); fn != nil {
			all = append(all, fn)
		}
	}
	switch len(all) {
	case 0:
		return nil
	case 1:
		return all[0]
	}
	return func() {
		for _, fn := range all {
			fn()
		}
	}
}

// A provided has the values of a provider.
type provided struct {
	provider.Provider
	server *Server
}

func (p provided) owns(topic string) bool { return p.Owns(topic) }

// allows asks the rule of the topic by which that of the provider is ruled.
func (p provided) allows(right access.Right) error {
	of, ok := p.RuledBy(right.Topic)
	if !ok {
		right.Key = of
		return p.Rule(right)
	}
	right.Topic = of
	return p.server.allows(right)
}

func (p provided) value(ctx context.Context, topic string, _ part) (answer, error) {
	v, err := p.Value(ctx, topic)
	return answer{value: v.JSON, fingerprint: v.Fingerprint, at: v.At}, err
}

// isRuled reports whether the right to follow a topic is one that a pattern matches.
func (s *Server) isRuled(topic, pattern string) bool {
	if access.Match(pattern, topic) {
		return true
	}
	for _, p := range s.providers {
		if !p.Owns(topic) {
			continue
		}
		of, ok := p.RuledBy(topic)
		return ok && s.isRuled(of, pattern)
	}
	return false
}
