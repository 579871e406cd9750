package state

import (
	"fmt"
	"reflect"

	"github.com/seawaykit/seaway/shared/command"
)

// A Keyed request names the state that it is about, by its key in the kind. An empty key
// stands for the caller's own state, whose key is the caller's identity.
type Keyed interface{ StateKey() string }

// A Checked request is refused by the error of Check, before any state is looked at: for
// what is wrong with it whatever the state is.
type Checked interface{ Check() error }

func check[Req Keyed](r Req) error {
	if c, ok := any(r).(Checked); ok {
		return c.Check()
	}
	return nil
}

// A Mutation changes a state of a kind by a request. Make one with [Mutate].
type Mutation[S any, Req Keyed, Rep any] struct{ def *mutation[S, Req, Rep] }

type mutation[S any, Req Keyed, Rep any] struct {
	kind   Kind[S]
	call   command.Type[Req, Answer[Rep]]
	decide func(*Call, S, Req) (Rep, error)
	rules  mutationRules
}

// mutationRules are what the options of a mutation have set.
type mutationRules struct{ unordered bool }

// Mutate defines a mutation: a command whose function decides, from the state and the
// request, which events to publish to the state's topic, with [Emit], or refuses, best
// with a [*fault.Error].
//
//	var Move = state.Mutate(Boards, "board.move", func(c *state.Call, b Board, r MoveRequest) (MoveReply, error) {
//		if _, ok := b.Cards[r.Card]; !ok {
//			return MoveReply{}, fault.New(fault.NotFound, "there is no such card")
//		}
//		state.Emit(c, Moved, Placement{Card: r.Card, Column: r.Column})
//		return MoveReply{}, nil
//	})
//
// The function runs on the server, where it is final, and in a page, where it is a
// guess that is shown until the server's answer. So it must depend on nothing but its
// arguments, and must not change the state, whose memory is shared. The server publishes
// only if the topic has not changed since the function saw the state, and otherwise
// calls it again. It may be called many times for one request.
//
// It is meant for package variables, and panics as [command.Define] does, and if Rep is
// neither a struct nor a map: see [Answer].
func Mutate[S any, Req Keyed, Rep any](k Kind[S], name string, decide func(*Call, S, Req) (Rep, error), opts ...MutationOption) Mutation[S, Req, Rep] {
	if k.def == nil {
		panic(fmt.Sprintf("state: a mutation %q: %v", name, ErrUndefined))
	}
	if kind := reflect.TypeFor[Rep]().Kind(); kind != reflect.Struct && kind != reflect.Map {
		panic(fmt.Sprintf("state: the reply of mutation %q is a %s, and must be a JSON object", name, kind))
	}
	m := &mutation[S, Req, Rep]{kind: k, call: command.Define[Req, Answer[Rep]](name), decide: decide}
	for _, opt := range opts {
		opt(&m.rules)
	}
	k.def.changes = func(host ChangeHost) Changes[S] { return newChanges(k, host) }
	k.def.mutations = append(k.def.mutations, Mutation[S, Req, Rep]{m})
	return Mutation[S, Req, Rep]{m}
}

// A MutationOption says more of a mutation to [Mutate].
type MutationOption func(*mutationRules)

// Unordered publishes although the topic may have changed since the function saw the
// state: for what is right whatever others do meanwhile, such as a message that is
// added to a room. Many callers can then change one state at the same time.
func Unordered() MutationOption { return func(r *mutationRules) { r.unordered = true } }

// Name returns the name given to [Mutate].
func (m Mutation[S, Req, Rep]) Name() string { return m.Command().Name() }

// Command returns the command that calls the mutation, for programs without a page's
// state: see [command.Call].
func (m Mutation[S, Req, Rep]) Command() command.Type[Req, Answer[Rep]] {
	if m.def == nil {
		return command.Type[Req, Answer[Rep]]{}
	}
	return m.def.call
}

// Kind returns the kind given to [Mutate].
func (m Mutation[S, Req, Rep]) Kind() Kind[S] {
	if m.def == nil {
		return Kind[S]{}
	}
	return m.def.kind
}

// Decide calls the function, for a request that is not refused by [Checked]. Servers and
// pages do that; tests may. A function that panics ends neither: it makes an error.
func (m Mutation[S, Req, Rep]) Decide(c *Call, s S, r Req) (rep Rep, err error) {
	if m.def == nil {
		return rep, ErrUndefined
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the mutation %q panics: %v", m.Name(), p)
		}
	}()
	if err := check(r); err != nil {
		return rep, err
	}
	return m.def.decide(c, s, r)
}
