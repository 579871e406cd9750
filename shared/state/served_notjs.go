//go:build !js

package state

import (
	"context"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
)

// A Request is a mutation that a client asks for, whatever the type of its request is.
type Request struct {
	Mutation  string
	Key       string // of the state
	Value     any    // the decoded request
	Unordered bool   // the mutation's option
}

// A Served is a mutation as a server sees it, whatever its request and reply are.
type Served[S any] interface {
	Name() string
	// Serve registers the command. run decides about a request by decide, once or more
	// often, on the state of the key, stores what the call has emitted, and returns the ids.
	Serve(mux *command.Mux, run func(ctx context.Context, r Request, decide func(*Call, S) error) ([]event.ID, error))
}

// Mutations returns the mutations of the kind, for package server/live.
func (k Kind[S]) Mutations() (all []Served[S]) {
	if k.def == nil {
		return nil
	}
	for _, m := range k.def.mutations {
		all = append(all, m.(Served[S]))
	}
	return all
}

// Serve implements [Served].
func (m Mutation[S, Req, Rep]) Serve(mux *command.Mux, run func(ctx context.Context, r Request, decide func(*Call, S) error) ([]event.ID, error)) {
	command.Handle(mux, m.def.call, func(ctx context.Context, req Req) (a Answer[Rep], err error) {
		a.Events, err = run(ctx, Request{m.Name(), req.StateKey(), req, m.def.rules.unordered}, func(c *Call, s S) (err error) {
			a.Reply, err = m.Decide(c, s, req)
			return err
		})
		return a, err
	})
}
