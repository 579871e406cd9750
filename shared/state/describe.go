package state

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/seawaykit/seaway/shared/internal/shape"
)

// describe returns a description of a type's JSON. It refuses types of which JSON
// leaves something out, since a state that comes from a checkpoint would differ from
// one that was folded.
func describe(t reflect.Type) (string, error) {
	if err := complete(t, map[reflect.Type]bool{}); err != nil {
		return "", err
	}
	return shape.Describe(t)
}

func complete(t reflect.Type, seen map[reflect.Type]bool) error {
	if seen[t] || marshals(t) {
		return nil
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return complete(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if !f.IsExported() && !f.Anonymous || f.Tag.Get("json") == "-" {
				return fmt.Errorf("field %s of %s is not in its JSON, so a checkpoint would lose it", f.Name, t)
			}
			if err := complete(f.Type, seen); err != nil {
				return err
			}
		}
	}
	return nil
}

// marshals reports whether a type writes its JSON itself, as time.Time does.
func marshals(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.Marshaler]()) || p.Implements(reflect.TypeFor[encoding.TextMarshaler]())
}
