package live

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/shared/fault"
)

var (
	errNoTopics   = fault.New(fault.Forbidden, "this server has no topics that can be followed")
	errNotPublic  = &fault.Error{Code: fault.Forbidden, Message: "this topic is not public", Field: "topic"}
	errNoCommands = fault.New(fault.Forbidden, "this server accepts no commands")
)

// A Rule is an [access.Rule]: it decides who may follow, see, change or call what.
type Rule = access.Rule

// Public returns an Options.Follow that lets everyone follow the given topics,
// and refuses all others.
func Public(topics ...string) Rule {
	public := slices.Clone(topics)
	return func(r access.Right) error {
		if !slices.Contains(public, r.Topic) {
			return errNotPublic
		}
		return nil
	}
}

// Anyone is an Options.Call that lets everyone call every command.
func Anyone(access.Right) error { return nil }

// Everyone is a Rule by which everyone may see and change every state of a kind.
func Everyone(access.Right) error { return nil }

// EveryoneOf returns a Rule by which everyone may see and change the states of some keys,
// and no others.
func EveryoneOf(keys ...string) Rule {
	return func(r access.Right) error {
		if !slices.Contains(keys, r.Key) {
			return errNotPublic
		}
		return nil
	}
}

// Identity returns the identity of a request's user, as Options.Identify
// returned it. It works in the handler of pages, in commands, and in the hooks.
// It is empty for an anonymous user.
func Identity(ctx context.Context) string { return callerOf(ctx).identity }

// A caller is the result of Options.Identify.
type caller struct {
	identity string
	err      error
	request  *http.Request
	counted  bool // against the limits, as a form
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
		// A context that only adds a value keeps streams on the fast path.
		ctx := r.Context()
		if s.opts.Identify != nil {
			ctx = access.WithExpiry(ctx)
			c.identity, c.err = s.opts.Identify(r.WithContext(ctx))
		}
		h.ServeHTTP(w, r.WithContext(context.WithValue(ctx, callerKey{}, c)))
	})
}

// mayFollow is the authorise hook of the streams.
func (s *Server) mayFollow(r *http.Request, topics []string) (identity string, err error) {
	return s.may(r, access.Follow, topics)
}

// may asks the rule of each topic.
func (s *Server) may(r *http.Request, action access.Action, topics []string) (identity string, err error) {
	c := callerOf(r.Context())
	if c.err != nil {
		return "", c.err
	}
	right := access.Right{User: c.identity, Action: action, HTTP: r}
	for _, right.Topic = range topics {
		if err := s.allows(right); err != nil {
			return c.identity, err
		}
	}
	return c.identity, nil
}

// internalTopics are those of which nodes tell each other. No client may follow them.
const internalTopics = "seaway."

// allows asks the rule of a topic: its kind's, or Options.Follow.
func (s *Server) allows(right access.Right) error {
	switch k := s.valueOf(right.Topic); {
	case k != nil:
		return k.allows(right)
	case strings.HasPrefix(right.Topic, internalTopics):
		return errNotPublic
	case s.opts.Follow == nil:
		return errNoTopics
	}
	return s.opts.Follow(right)
}

// mayCall is the authorise hook of the commands, before their body is read. The rule of a
// mutation's kind and Options.Call are asked later, with the decoded request.
func (s *Server) mayCall(r *http.Request, command string) (identity string, err error) {
	c := callerOf(r.Context())
	switch {
	case c.err != nil:
		return "", c.err
	case !s.mutations[command] && s.opts.Call == nil:
		return c.identity, errNoCommands
	}
	if !c.counted {
		if err := s.limiters.command(r, c.identity); err != nil {
			return c.identity, err
		}
	}
	return c.identity, s.keeps(r.Context())
}

// allowsCall asks Options.Call about a command with its request.
func (s *Server) allowsCall(ctx context.Context, command string, request any) error {
	c := callerOf(ctx)
	return s.opts.Call(access.Right{User: c.identity, Action: access.Call, Command: command, Request: request, HTTP: c.request})
}
