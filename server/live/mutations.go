package live

import (
	"context"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/server/internal/states"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/state"
)

// handle registers the commands of a kind's mutations. The kind's rule decides who may
// call them, with the request that the call has come by.
func (k *States[S]) handle() {
	for _, m := range k.kind.Mutations() {
		k.server.mutations[m.Name()] = true
		m.Serve(k.server.commands, k.mutate)
	}
}

func (k *States[S]) mutate(ctx context.Context, r state.Request, decide func(*state.Call, S) error) ([]event.ID, error) {
	if err := event.CheckTopic(k.kind.Topic(r.Key)); err != nil {
		return nil, badKey(err)
	}
	c := callerOf(ctx)
	right := access.Right{User: c.identity, Action: access.Change, Topic: k.kind.Topic(r.Key), Command: r.Mutation, Request: r.Value, HTTP: c.request}
	if err := k.allows(right); err != nil {
		return nil, err
	}
	kept, err := k.open(ctx)
	if err != nil {
		return nil, err
	}
	return kept.Mutate(ctx, states.Change[S]{
		Key: r.Key, Identity: c.identity, CallKey: command.IdempotencyKey(ctx), Once: command.Once(ctx),
		Unordered: r.Unordered, Decide: decide,
	})
}
