package live

import (
	"cmp"
	"context"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/server/internal/states"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/state"
)

// errNoUser refuses an anonymous caller's mutation of the caller's own state.
var errNoUser = fault.New(fault.Unauthenticated, "only a user who is known to the server can do this")

// handle registers the commands of a kind's mutations. The kind's rule decides who may
// call them, with the request that the call has come by.
func (k *States[S]) handle() {
	for _, m := range k.kind.Mutations() {
		k.server.mutations[m.Name()] = true
		m.Serve(k.server.commands, k.mutate, func(name string) any { return k.around[name] })
	}
}

func (k *States[S]) mutate(ctx context.Context, r state.Request, decide func(*state.Call, S) error) ([]event.ID, error) {
	c := callerOf(ctx)
	if r.Key = cmp.Or(r.Key, c.identity); r.Key == "" {
		return nil, errNoUser
	}
	if err := event.CheckTopic(k.kind.Topic(r.Key)); err != nil {
		return nil, badKey(err)
	}
	right := access.Right{User: c.identity, Action: access.Change, Topic: k.kind.Topic(r.Key), Command: r.Mutation, Request: r.Value, HTTP: c.request}
	if err := k.allows(right); err != nil {
		return nil, err
	}
	kept, err := k.open(ctx)
	if err != nil {
		return nil, err
	}
	return kept.Mutate(ctx, states.Change[S]{
		Key: r.Key, Identity: c.identity, Once: command.Once(ctx),
		CallKey:   cmp.Or(command.IdempotencyKey(ctx), command.NewIdempotencyKey()), // new ids are made of it
		Unordered: r.Unordered, Decide: decide,
	})
}
