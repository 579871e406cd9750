package state

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/internal/shape"
)

// A Kind is a kind of state: a value of type S for each topic <name>.<key>. Make one
// with [Define]; the zero Kind has no topics and refuses to fold.
type Kind[S any] struct{ def *definition[S] }

// A definition is what Define, On and Upgrade have said of a kind. It is filled
// while the program's packages are initialised and only read afterwards.
type definition[S any] struct {
	core
	window    func(S) S
	list      *listing[S]                 // nil without Newest
	mutations []any                       // each a Mutation
	changes   func(ChangeHost) Changes[S] // nil without mutations
}

// A core is the part of a definition that does not depend on the state's type: a page
// has the code of what does once for each kind. Its methods are given pointers to
// states.
type core struct {
	name         string
	description  string // of S, as package shape writes it
	fromRetained bool
	folds        map[string]fold    // by the event type's name
	upgrades     map[string]upgrade // by the fingerprint of the older type
}

// Define defines a kind of state. It is meant for package variables, and panics if
// the name is no topic or leaves no room for a key, if another kind has the name or
// one that begins with it, or if S does not survive a checkpoint: if it cannot
// travel as JSON, or has fields that JSON leaves out.
func Define[S any](name string, opts ...Option[S]) Kind[S] {
	def := &definition[S]{core: newCore(name, reflect.TypeFor[S]())}
	for _, opt := range opts {
		opt(def)
	}
	return Kind[S]{def}
}

func newCore(name string, typ reflect.Type) core {
	c := core{name: name, folds: map[string]fold{}, upgrades: map[string]upgrade{}}
	err := checkName(name)
	if err == nil {
		c.description, err = describe(typ)
	}
	if err == nil {
		err = register(name)
	}
	if err != nil {
		panic(fmt.Sprintf("state: kind %q: %v", name, err))
	}
	return c
}

// core returns the kind's, nil for the zero Kind.
func (k Kind[S]) core() *core {
	if k.def == nil {
		return nil
	}
	return &k.def.core
}

// checkName leaves room for a key of at least 32 bytes.
func checkName(name string) error {
	if len(name) > event.MaxTopic-33 {
		return fmt.Errorf("a name has at most %d bytes, so that a topic has room for a key", event.MaxTopic-33)
	}
	return event.CheckTopic(name)
}

// Name returns the name given to [Define].
func (k Kind[S]) Name() string { return k.core().kindName() }

func (c *core) kindName() string {
	if c == nil {
		return ""
	}
	return c.name
}

// Topic returns the topic of a key, <name>.<key>. Publishing to it fails if
// [event.CheckTopic] refuses that.
func (k Kind[S]) Topic(key string) string { return k.Name() + "." + key }

// Key returns the key of a topic, and whether the topic belongs to the kind.
func (k Kind[S]) Key(topic string) (key string, ok bool) { return k.core().key(topic) }

func (c *core) key(topic string) (key string, ok bool) {
	if c == nil {
		return "", false
	}
	rest, ok := strings.CutPrefix(topic, c.name+".")
	if !ok || rest == "" {
		return "", false
	}
	return rest, true
}

// FromRetained reports whether the kind was defined with [FromRetained].
func (k Kind[S]) FromRetained() bool { return k.def != nil && k.def.fromRetained }

// Description returns one line of text for the JSON of S. It is stored with
// checkpoints, for [Kind.Decode].
func (k Kind[S]) Description() string {
	if k.def == nil {
		return ""
	}
	return k.def.description
}

// Fingerprint returns 16 hexadecimal digits that differ for two descriptions.
func (k Kind[S]) Fingerprint() string { return shape.Fingerprint(k.Description()) }
