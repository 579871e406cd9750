package live

import (
	"context"

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

func (k *States[S]) mutate(ctx context.Context, key string, unordered bool, decide func(*state.Call, S) error) ([]event.ID, error) {
	if err := event.CheckTopic(k.kind.Topic(key)); err != nil {
		return nil, badKey(err)
	}
	c := callerOf(ctx)
	if err := k.allows(c.request, c.identity, k.kind.Topic(key)); err != nil {
		return nil, err
	}
	kept, err := k.open(ctx)
	if err != nil {
		return nil, err
	}
	return kept.Mutate(ctx, states.Change[S]{
		Key: key, Identity: c.identity, CallKey: command.IdempotencyKey(ctx), Once: command.Once(ctx),
		Unordered: unordered, Decide: decide,
	})
}
