package event

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"time"
)

// A Type binds a name to a payload type T. Make one with [Define]; the zero
// Type refuses to publish and to decode with [ErrUndefined].
type Type[T any] struct{ name string }

var (
	// ErrUndefined says that a Type was not made by [Define].
	ErrUndefined = errors.New("event type was not made by event.Define")
	// ErrOtherType says that an event is of another type than the one that it was to
	// be decoded as, and of none of that type's predecessors.
	ErrOtherType = errors.New("event is of another type")
)

// Define registers an event type. It is meant for package variables, and panics
// if [CheckName] refuses the name, if the name is defined already, or if T
// cannot travel as JSON; see [Fingerprint] for what that takes.
func Define[T any](name string) Type[T] {
	if err := CheckName(name); err != nil {
		panic("event: " + err.Error())
	}
	if err := register(name, reflect.TypeFor[T]()); err != nil {
		panic("event: " + err.Error())
	}
	return Type[T]{name}
}

// Name returns the name given to [Define].
func (t Type[T]) Name() string { return t.name }

// Publish appends v to the log under the topic. It returns when the event is
// durable, with its ID. After an error that leaves it open whether the event
// was stored, publishing again under the same [Key] is safe.
func (t Type[T]) Publish(ctx context.Context, log Appender, topic string, v T, opts ...Option) (ID, error) {
	d, err := t.Draft(topic, v, opts...)
	if err != nil {
		return ID{}, fmt.Errorf("publish %s: %w", t.name, err)
	}
	id, err := log.Append(ctx, d)
	if err != nil {
		return ID{}, fmt.Errorf("publish %s: %w", t.name, err)
	}
	return id, nil
}

// Draft returns what [Type.Publish] would append.
func (t Type[T]) Draft(topic string, v T, opts ...Option) (Draft, error) {
	if t.name == "" {
		return Draft{}, ErrUndefined
	}
	// A pointer, so that methods on pointers are found inside v, as the schema
	// assumes and as a decoder does.
	data, err := json.Marshal(&v)
	if err != nil {
		return Draft{}, err
	}
	d := Draft{Topic: topic, Type: t.name, Data: data}
	for _, opt := range opts {
		opt(&d)
	}
	return d, d.Check()
}

// An Of is an event whose payload has been decoded, as a subscriber receives it.
type Of[T any] struct {
	ID    ID
	Topic string    `json:",omitempty"` // where it was published; empty if the server does not send it
	At    time.Time `json:",omitzero"`  // when the log stored it, in UTC and milliseconds; zero as Topic
	Value T
}

// A DecodeError says that a payload did not fit its type. The stream that
// carried it goes on.
type DecodeError struct {
	Type string
	ID   ID
	Data []byte
	Err  error
}

// Error names the event, not its payload, which may be private.
func (e *DecodeError) Error() string { return fmt.Sprintf("decode %s %s: %v", e.Type, e.ID, e.Err) }

// Unwrap returns the decoder's error.
func (e *DecodeError) Unwrap() error { return e.Err }
