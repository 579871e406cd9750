package state

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/seawaykit/seaway/shared/event"
)

var (
	// ErrUndefined says that a Kind was not made by [Define].
	ErrUndefined = errors.New("kind of state was not made by state.Define")
	// ErrUnknownType says that a topic holds an event of a type that this program
	// does not define: another release has published it, and what it does to the
	// state is not known here.
	ErrUnknownType = errors.New("event is of a type that this program does not define")
)

// A fold changes a state by an event of one type or of its predecessors. The error
// is [event.ErrOtherType] for any other.
type fold func(s any, e event.Event) error

// On defines an event type and how its events change the states of a kind. It is
// meant for package variables, and panics as [event.Define] does.
func On[S, T any](k Kind[S], name string, fn func(*S, event.Of[T])) event.Type[T] {
	t := event.Define[T](name)
	Fold(k, t, fn)
	return t
}

// Fold is [On] for an event type that is defined already, for example one that
// changes states of two kinds. It panics if the kind has a fold for it.
//
// Events of types that [event.Upcast] joins to it are folded as well, converted.
func Fold[S, T any](k Kind[S], t event.Type[T], fn func(*S, event.Of[T])) {
	k.core().add(t.Name(), func(s any, e event.Event) error {
		of, err := t.Decode(e)
		if err == nil {
			fn(s.(*S), of)
		}
		return err
	})
}

// add adds the fold of an event type.
func (c *core) add(name string, f fold) {
	switch {
	case c == nil:
		panic(fmt.Sprintf("state: a fold of %q: %v", name, ErrUndefined))
	case name == "":
		panic(fmt.Sprintf("state: a fold for kind %q: %v", c.name, event.ErrUndefined))
	case c.folds[name] != nil:
		panic(fmt.Sprintf("state: kind %q has a fold of %q already", c.name, name))
	}
	c.folds[name] = f
}

// Types returns the names of the event types with a fold, sorted.
func (k Kind[S]) Types() []string { return k.core().types() }

func (c *core) types() []string {
	if c == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(c.folds))
}

// Apply folds an event into a state and reports whether it is of a type with a fold.
// It changes s in place; an [Erased] one resets it. After an error, a [*FoldError], s may be half changed and
// must not be used; the error of an event type that is not defined in this program
// wraps [ErrUnknownType].
func (k Kind[S]) Apply(s *S, e event.Event) (folded bool, err error) { return k.core().apply(s, e) }

func (c *core) apply(s any, e event.Event) (folded bool, err error) {
	if c == nil {
		return false, ErrUndefined
	}
	defer func() {
		if r := recover(); r != nil {
			folded, err = false, &FoldError{Kind: c.name, Type: e.Type(), ID: e.ID(), Err: fmt.Errorf("the fold panics: %v", r)}
		}
	}()
	if e.Type() == Erased.Name() {
		v := reflect.ValueOf(s).Elem()
		v.SetZero()
		makeMaps(v)
		return true, nil
	}
	folded, err = c.fold(s, e)
	if err != nil {
		err = &FoldError{Kind: c.name, Type: e.Type(), ID: e.ID(), Err: err}
	}
	return folded, err
}

func (c *core) fold(s any, e event.Event) (bool, error) {
	if fold := c.folds[e.Type()]; fold != nil {
		return true, fold(s, e)
	}
	for _, fold := range c.folds { // of a type that has taken the place of this one
		if err := fold(s, e); !errors.Is(err, event.ErrOtherType) {
			return true, err
		}
	}
	if !event.Defined(e.Type()) {
		return false, ErrUnknownType
	}
	return false, nil
}

// A FoldError says that an event could not be folded into a state.
type FoldError struct {
	Kind string
	Type string
	ID   event.ID
	Err  error
}

// Error names the event, not its payload, which may be private.
func (e *FoldError) Error() string {
	return fmt.Sprintf("a %s cannot include %s %s: %v", e.Kind, e.Type, e.ID, e.Err)
}

// Unwrap returns why.
func (e *FoldError) Unwrap() error { return e.Err }
