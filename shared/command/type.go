package command

import (
	"errors"
	"fmt"
	"reflect"
	"sync"

	"github.com/seawaykit/seaway/shared/event"
)

// PathPrefix is where a server mounts its [Mux]. The command's name follows it.
const PathPrefix = "/commands/"

// IdempotencyKeyHeader is the header with the idempotency key of a call: 1 to
// [event.MaxKey] bytes of printable ASCII without spaces.
const IdempotencyKeyHeader = "Idempotency-Key"

// ErrUndefined is returned for a Type that was not made by [Define].
var ErrUndefined = errors.New("command was not made by command.Define")

// A Type binds a command's name to its request and reply. Make one with [Define];
// [Call] of the zero Type returns [ErrUndefined].
type Type[Req, Rep any] struct{ name string }

var defined sync.Map // name -> [2]reflect.Type, request and reply

// Define defines a command. Use it for package variables. It panics if the name is
// defined already, or is not dot-separated tokens of [A-Za-z0-9_-] with at most 64
// bytes.
func Define[Req, Rep any](name string) Type[Req, Rep] {
	if err := event.CheckName(name); err != nil {
		panic(fmt.Sprintf("command: %v", err))
	}
	if _, taken := defined.LoadOrStore(name, [2]reflect.Type{reflect.TypeFor[Req](), reflect.TypeFor[Rep]()}); taken {
		panic(fmt.Sprintf("command: %q is defined twice", name))
	}
	return Type[Req, Rep]{name}
}

// Types returns the types of each defined command's request and reply, by name.
func Types() map[string][2]reflect.Type {
	all := map[string][2]reflect.Type{}
	defined.Range(func(name, types any) bool {
		all[name.(string)] = types.([2]reflect.Type)
		return true
	})
	return all
}

// Name returns the name given to [Define].
func (t Type[Req, Rep]) Name() string { return t.name }
