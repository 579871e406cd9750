package command

import (
	"errors"
	"fmt"
	"sync"

	"github.com/seawaykit/seaway/shared/event"
)

// PathPrefix is where a server mounts its [Mux]; the command's name follows.
const PathPrefix = "/commands/"

// KeyHeader carries the idempotency key of a call. Its value is 1 to
// [event.MaxKey] bytes of printable ASCII without spaces.
const KeyHeader = "Idempotency-Key"

// ErrUndefined says that a Type was not made by [Define].
var ErrUndefined = errors.New("command was not made by command.Define")

// A Type binds a name to a request and a reply. Make one with [Define]; the
// zero Type is not called, with [ErrUndefined], and not handled.
type Type[Req, Rep any] struct{ name string }

var defined sync.Map // name -> struct{}

// Define registers a command. It is meant for package variables, and panics if
// the name is defined already or is not dot-separated tokens of [A-Za-z0-9_-]
// of at most 64 bytes.
func Define[Req, Rep any](name string) Type[Req, Rep] {
	if err := event.CheckName(name); err != nil {
		panic(fmt.Sprintf("command: %v", err))
	}
	if _, taken := defined.LoadOrStore(name, struct{}{}); taken {
		panic(fmt.Sprintf("command: %q is defined twice", name))
	}
	return Type[Req, Rep]{name}
}

// Name returns the name given to [Define].
func (t Type[Req, Rep]) Name() string { return t.name }
