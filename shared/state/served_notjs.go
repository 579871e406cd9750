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
	// Serve registers the command.
	Serve(mux *command.Mux, run Run[S], around func(mutation string) any)
}

// Run decides about a request by decide, once or more often, on the state of its key,
// stores what the call has emitted, and returns the ids.
type Run[S any] func(ctx context.Context, r Request, decide func(*Call, S) error) ([]event.ID, error)

// Around is a function around a mutation on a server: see Around of package server/live.
type Around[Req, Rep any] func(ctx context.Context, r Req, do func(context.Context, Req) (Rep, error)) (Rep, error)

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

// Serve implements [Served]. around returns the [Around] of a mutation, or nil.
func (m Mutation[S, Req, Rep]) Serve(mux *command.Mux, run Run[S], around func(mutation string) any) {
	command.Handle(mux, m.def.call, func(ctx context.Context, req Req) (a Answer[Rep], err error) {
		do := func(ctx context.Context, req Req) (Rep, error) {
			var err error
			a, err = m.run(ctx, req, run)
			return a.Reply, err
		}
		if fn, ok := around(m.Name()).(Around[Req, Rep]); ok {
			a.Reply, err = fn(ctx, req, do)
		} else {
			_, err = do(ctx, req)
		}
		return a, err
	})
}

func (m Mutation[S, Req, Rep]) run(ctx context.Context, req Req, run Run[S]) (a Answer[Rep], err error) {
	if err := check(req); err != nil {
		return a, err
	}
	a.Events, err = run(ctx, Request{m.Name(), req.StateKey(), req, m.def.rules.unordered}, func(c *Call, s S) (err error) {
		a.Reply, err = m.Decide(c, s, req)
		return err
	})
	if s, ok := any(&a.Reply).(storedReply); ok {
		s.setEvents(a.Events)
	}
	return a, err
}
