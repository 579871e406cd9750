package state

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
)

// An Intent is a mutation with its request, whatever types it has: what a page shows
// as its guess, and sends. Make one with [Mutation.With].
type Intent[S any] struct {
	Mutation string // its name
	Key      string // of the state
	Request  any

	// Decide calls the mutation's function.
	Decide func(c *Call, s S) error
	// Send calls the mutation's command, as [command.Call] does. The reply is of the
	// mutation's type.
	Send func(ctx context.Context, opts ...command.CallOption) (reply any, events []event.ID, err error)
}

// With returns the mutation with a request.
func (m Mutation[S, Req, Rep]) With(r Req) Intent[S] {
	return Intent[S]{
		Mutation: m.Name(), Key: r.StateKey(), Request: r,
		Decide: func(c *Call, s S) error {
			_, err := m.Decide(c, s, r)
			return err
		},
		Send: func(ctx context.Context, opts ...command.CallOption) (any, []event.ID, error) {
			a, err := command.Call(ctx, m.Command(), r, opts...)
			return a.Reply, a.Events, err
		},
	}
}

// parse is With for a request as JSON.
func (m Mutation[S, Req, Rep]) parse(request []byte) (Intent[S], error) {
	var r Req
	if err := json.Unmarshal(request, &r); err != nil {
		return Intent[S]{}, err
	}
	return m.With(r), nil
}

// Intent returns one of the kind's mutations, by its name, with a request as JSON: a
// page keeps that over a reload.
func (k Kind[S]) Intent(mutation string, request []byte) (Intent[S], error) {
	if k.def == nil {
		return Intent[S]{}, ErrUndefined
	}
	for _, m := range k.def.mutations {
		if m := m.(intended[S]); m.Name() == mutation {
			return m.parse(request)
		}
	}
	return Intent[S]{}, fmt.Errorf("kind %q has no mutation %q", k.Name(), mutation)
}

// intended is a Mutation of whatever request and reply.
type intended[S any] interface {
	Name() string
	parse(request []byte) (Intent[S], error)
}
