package shape

import (
	"encoding"
	"encoding/json"
	"reflect"
)

// Members returns the types of a struct's members by their names in JSON, and false for a
// type whose JSON is not that of its fields.
func Members(t reflect.Type) (members map[string]reflect.Type, ok bool) {
	if t.Kind() != reflect.Struct || marshals(t) || unmarshals(t) {
		return nil, false
	}
	members = map[string]reflect.Type{}
	for _, f := range jsonFields(t) {
		members[f.name] = f.typ
	}
	return members, true
}

// Element returns the type of what a list or a map holds, and false for other types.
func Element(t reflect.Type) (elem reflect.Type, ok bool) {
	switch t.Kind() {
	case reflect.Slice, reflect.Array, reflect.Map:
		if !marshals(t) && !unmarshals(t) {
			return t.Elem(), true
		}
	}
	return nil, false
}

// unmarshals reports whether t's JSON is read by a method of its own.
func unmarshals(t reflect.Type) bool {
	ptr := reflect.PointerTo(t)
	return ptr.Implements(reflect.TypeFor[json.Unmarshaler]()) || ptr.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}
