package state

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/seawaykit/seaway/shared/internal/shape"
)

// New returns the state of a topic without events: the zero value, with the maps
// among its fields made.
func (k Kind[S]) New() S {
	var s S
	makeMaps(reflect.ValueOf(&s).Elem())
	return s
}

// makeMaps makes a value that is a nil map, or the nil maps among a struct's fields,
// so that the first fold can write to them.
func makeMaps(v reflect.Value) {
	switch {
	case v.Kind() == reflect.Map && v.IsNil():
		v.Set(reflect.MakeMap(v.Type()))
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); f.Kind() == reflect.Map && f.CanSet() {
				makeMaps(f)
			}
		}
	}
}

// Encode returns the state as JSON, the same bytes for the same state.
func (k Kind[S]) Encode(s *S) ([]byte, error) { return k.core().encode(s) }

func (c *core) encode(s any) ([]byte, error) {
	if c == nil {
		return nil, ErrUndefined
	}
	return json.Marshal(s)
}

// Decode returns the state that [Kind.Encode] wrote in a release in which S had the
// description. A state of an older release is read if S has only gained fields
// since, which are zero then, or by a function given to [Upgrade]. The error says
// what has changed and what to do.
func (k Kind[S]) Decode(description string, data []byte) (s S, err error) {
	err = k.core().decode(description, data, &s)
	return s, err
}

func (c *core) decode(description string, data []byte, s any) error {
	if err := c.reads(description); err != nil {
		return err
	}
	if up := c.upgrades[shape.Fingerprint(description)]; up != nil {
		if err := up(data, s); err != nil {
			return err
		}
	} else if err := json.Unmarshal(data, s); err != nil {
		return fmt.Errorf("a checkpoint of kind %q cannot be decoded: %w", c.name, err)
	}
	makeMaps(reflect.ValueOf(s).Elem()) // null in older ones
	return nil
}

// Reads reports whether [Kind.Decode] can read states with the description.
func (k Kind[S]) Reads(description string) error { return k.core().reads(description) }

func (c *core) reads(description string) error {
	switch {
	case c == nil:
		return ErrUndefined
	case description == c.description, c.upgrades[shape.Fingerprint(description)] != nil:
		return nil
	}
	if err := shape.Additive(description, c.description); err != nil {
		return fmt.Errorf("the type of kind %q has changed and its checkpoints cannot be read: %w; restore it, or give state.Upgrade the old type and a function that converts it", c.name, err)
	}
	return nil
}

// An upgrade reads a state of an older type.
type upgrade func(data []byte, s any) error

// Upgrade tells a kind how to read checkpoints of an older type of its state: one
// that has lost, renamed or retyped a field, or of which a new field has to be
// computed. It belongs beside the definition, with the old type kept as it was. It
// panics if the kind has a function for that type already or if the type is as S.
func Upgrade[Old, S any](k Kind[S], up func(Old) S) {
	if k.def == nil {
		panic("state: an upgrade: " + ErrUndefined.Error())
	}
	old, err := describe(reflect.TypeFor[Old]())
	if err != nil {
		panic(fmt.Sprintf("state: an upgrade of kind %q: %v", k.def.name, err))
	}
	older := shape.Fingerprint(old)
	if older == k.Fingerprint() || k.def.upgrades[older] != nil {
		panic(fmt.Sprintf("state: an upgrade of kind %q from a type whose JSON is that of its own, or of another upgrade's", k.def.name))
	}
	k.def.upgrades[older] = func(data []byte, s any) (err error) {
		var o Old
		if err := json.Unmarshal(data, &o); err != nil {
			return fmt.Errorf("an older checkpoint of kind %q cannot be decoded: %w", k.def.name, err)
		}
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("the upgrade of kind %q panics: %v", k.def.name, r)
			}
		}()
		*s.(*S) = up(o)
		return nil
	}
}
