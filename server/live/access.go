package live

import (
	"context"
	"net/http"
	"slices"

	"github.com/seawaykit/seaway/shared/fault"
)

var (
	errNoTopics   = fault.New(fault.Forbidden, "this server has no topics that can be followed")
	errNotPublic  = &fault.Error{Code: fault.Forbidden, Message: "this topic is not public", Field: "topic"}
	errNoCommands = fault.New(fault.Forbidden, "this server accepts no commands")
)

// Public returns an Options.Follow that lets everyone follow the given topics,
// and refuses all others.
func Public(topics ...string) func(r *http.Request, identity string, asked []string) error {
	public := slices.Clone(topics)
	return func(_ *http.Request, _ string, asked []string) error {
		for _, topic := range asked {
			if !slices.Contains(public, topic) {
				return errNotPublic
			}
		}
		return nil
	}
}

// Anyone is an Options.Call that lets everyone call every command.
func Anyone(_ *http.Request, _, _ string) error { return nil }

// Identity returns the identity of a request's user, as Options.Identify
// returned it. It works in the handler of pages, in commands, and in the hooks.
// It is empty for an anonymous user.
func Identity(ctx context.Context) string { return callerOf(ctx).identity }

// A caller is the result of Options.Identify.
type caller struct {
	identity string
	err      error
	request  *http.Request
}

type callerKey struct{}

func callerOf(ctx context.Context) caller {
	c, _ := ctx.Value(callerKey{}).(caller)
	return c
}

// withIdentity calls Options.Identify once for each request.
func (s *Server) withIdentity(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := caller{request: r}
		if s.opts.Identify != nil {
			c.identity, c.err = s.opts.Identify(r)
		}
		// A context that only adds a value keeps streams on the fast path.
		h.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, c)))
	})
}

// mayFollow is the authorise hook of the streams.
func (s *Server) mayFollow(r *http.Request, topics []string) (identity string, err error) {
	c := callerOf(r.Context())
	switch {
	case c.err != nil:
		return "", c.err
	}
	topics, err = s.withoutStates(r, c.identity, topics)
	switch {
	case err != nil, len(topics) == 0:
		return c.identity, err
	case s.opts.Follow == nil:
		return "", errNoTopics
	}
	return c.identity, s.opts.Follow(r, c.identity, topics)
}

// withoutStates returns the topics that belong to no kind of [Serve], or the refusal
// of one that does.
func (s *Server) withoutStates(r *http.Request, identity string, topics []string) (others []string, err error) {
	for _, topic := range topics {
		k := s.kindOf(topic)
		if k == nil {
			others = append(others, topic)
		} else if err := k.allows(r, identity, topic); err != nil {
			return nil, err
		}
	}
	return others, nil
}

// mayCall is the authorise hook of the commands.
func (s *Server) mayCall(r *http.Request, command string) (identity string, err error) {
	c := callerOf(r.Context())
	switch {
	case c.err != nil:
		return "", c.err
	case s.mutations[command]: // the rule of its kind decides
		return c.identity, s.keeps(r.Context())
	case s.opts.Call == nil:
		return "", errNoCommands
	}
	if err := s.opts.Call(r, c.identity, command); err != nil {
		return c.identity, err
	}
	return c.identity, s.keeps(r.Context())
}
