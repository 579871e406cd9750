package presence

import (
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/state"
)

// Site is the key of the list of all who are connected. Each other key is a topic, or what
// stands for one in the rules of the server.
const Site = "site"

// A Kind is a kind of list, of which users are shown as a Profile. Make one with [Define].
type Kind[Profile any] struct {
	lists   state.Kind[Here[Profile]]
	changed event.Type[Change[Profile]]
}

// Define defines a kind of list. It is meant for package variables, and panics as
// [state.Define] does, since a list travels to pages as a state does: topics are
// <name>.<key>, and their events of type <name>.changed.
func Define[Profile any](name string) Kind[Profile] {
	lists := state.Define[Here[Profile]](name)
	return Kind[Profile]{lists, state.On(lists, name+".changed", func(h *Here[Profile], e event.Of[Change[Profile]]) {
		h.Apply(e.Value, e.ID.Seq())
	})}
}

// Name returns the name given to [Define].
func (k Kind[Profile]) Name() string { return k.lists.Name() }

// Topic returns the topic of a list.
func (k Kind[Profile]) Topic(key string) string { return k.lists.Topic(key) }

// Key returns the key of a topic, and whether it is one of the kind.
func (k Kind[Profile]) Key(topic string) (key string, ok bool) { return k.lists.Key(topic) }

// Lists returns the lists as a kind of state, for package app/live. No server keeps it by
// live.Serve: who is here is not to be kept for ever.
func (k Kind[Profile]) Lists() state.Kind[Here[Profile]] { return k.lists }

// Changed returns the type of the events.
func (k Kind[Profile]) Changed() event.Type[Change[Profile]] { return k.changed }
