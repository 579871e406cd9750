package live

import (
	"cmp"
	"context"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/states"
	"github.com/seawaykit/seaway/server/ops"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/state"
)

// States are the states of one kind, which a [Server] keeps. Make it with [Serve].
// Its methods are safe for concurrent use, wait while the log is out of reach, and
// are bounded by their ctx.
type States[S any] struct {
	kind   state.Kind[S]
	rule   Rule
	server *Server
	around map[string]any // a state.Around for each name of a mutation
	opened chan struct{}  // closed when kept or failed is set
	kept   *states.States[S]
	failed error
}

// Serve keeps the states of a kind and serves them to those that the rule allows, a nil
// rule to no client: their topics on streams, their mutations, and their values at
//
//	GET /state?topic=<kind>.<key>          {"position":"<id>","value":{...}}
//	GET /state?topic=<kind>.<key>&window   the part that pages follow
//	GET /state?topic=<kind>.<key>&before=<item>&n=50   older items, of a kind with state.Newest
//
// with an ETag that changes with the value and its type. A stream that resumes from the position
// goes on where the value ends. The kind's mutations, by [state.Mutate], are commands;
// Options.Call is not asked for them. They are decided on the state as all nodes have
// made it, and the order of those of one state is that of their events.
//
// It is called before s serves; a kind can be served once. The log is asked when s
// starts: a kind that cannot be kept (see package state) ends Run and Serve with the
// reason, and is what the methods of States return. Commands wait for that. From then on the log keeps each
// event until a checkpoint includes it: see [eventlog.Values].
func Serve[S any](s *Server, kind state.Kind[S], rule Rule) *States[S] {
	k := &States[S]{kind: kind, rule: rule, server: s, opened: make(chan struct{})}
	s.kinds = append(s.kinds, k)
	k.handle()
	return k
}

// A kept is a States of whatever type.
type kept interface {
	valued
	begin(ctx context.Context) (states.Keeper, error)
	name() string
	healthy() error
	stats() ops.Kind
	opening() <-chan struct{}
}

// begin opens the states. It returns why they cannot be kept.
func (k *States[S]) begin(ctx context.Context) (states.Keeper, error) {
	k.kept, k.failed = states.Open(ctx, k.server.bound, k.kind, states.Options{Logger: k.server.opts.Logger})
	close(k.opened)
	return k.kept, k.failed
}

func (k *States[S]) name() string { return k.kind.Name() }

// open returns what is kept once it is there.
func (k *States[S]) open(ctx context.Context) (*states.States[S], error) {
	k.server.start()
	select {
	case <-k.opened:
		return k.kept, k.failed
	case <-ctx.Done():
		return nil, eventlog.Interrupted(ctx)
	}
}

func (k *States[S]) opening() <-chan struct{} { return k.opened }

// keeps waits until the log keeps the events of all kinds for their checkpoints: a
// command that publishes before that may see them removed, from a log of few events.
func (s *Server) keeps(ctx context.Context) error {
	for _, k := range s.kinds {
		select {
		case <-k.opening():
		case <-ctx.Done():
			return eventlog.Interrupted(ctx)
		}
	}
	return nil
}

// healthy returns why the states are not kept. Those that are being opened are not ready
// yet, which is no reason to restart the program.
func (k *States[S]) healthy() error {
	select {
	case <-k.opened:
		return cmp.Or(k.failed, k.kept.Health())
	default:
		return nil
	}
}

// At returns a copy of the state of a key, and a position: the state includes all
// events of its topic up to it. Whatever was acknowledged before the call, on any
// node, is in it. A key without events has the state that a topic begins with.
func (k *States[S]) At(ctx context.Context, key string) (S, event.ID, error) {
	kept, err := k.open(ctx)
	if err != nil {
		return *new(S), event.ID{}, err
	}
	return kept.Get(ctx, key)
}

// Read is [States.At] without the copy, which takes its time for a large state. fn
// must not change the state and must not keep it; while it runs, no event is folded
// into it.
func (k *States[S]) Read(ctx context.Context, key string, fn func(s *S, at event.ID) error) error {
	kept, err := k.open(ctx)
	if err != nil {
		return err
	}
	return kept.Read(ctx, key, fn)
}

// View is [States.Read] without asking the log what is newest: fn is given the state
// as this node knows it, which is a few milliseconds behind others at the most, or
// longer while the server is not healthy. It is for what need not be exact, and takes
// microseconds.
func (k *States[S]) View(ctx context.Context, key string, fn func(s *S, at event.ID) error) error {
	kept, err := k.open(ctx)
	if err != nil {
		return err
	}
	return kept.View(ctx, key, fn)
}

// Keys returns the keys of which there is a state, sorted.
func (k *States[S]) Keys(ctx context.Context) ([]string, error) {
	kept, err := k.open(ctx)
	if err != nil {
		return nil, err
	}
	return kept.Keys(ctx)
}

// Erase erases the state of a key with its events and its checkpoint, for a person
// who asks, and returns when that is durable. Pages and other nodes that show it go
// on with the state that a topic begins with.
func (k *States[S]) Erase(ctx context.Context, key string) error {
	kept, err := k.open(ctx)
	if err != nil {
		return err
	}
	return kept.Erase(ctx, key)
}

func (k *States[S]) owns(topic string) bool {
	_, ok := k.kind.Key(topic)
	return ok
}

func (k *States[S]) allows(right access.Right) error {
	key, ok := k.kind.Key(right.Topic)
	if !ok || k.rule == nil {
		return errNotPublic
	}
	right.Key = key
	return k.rule(right)
}
