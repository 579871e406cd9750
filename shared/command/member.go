//go:build !js

package command

import (
	"bytes"
	"encoding/json"
	"reflect"
	"sync"

	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/internal/shape"
)

// checkMembers refuses what encoding/json lets pass in a valid text: members whose names
// differ in case from the type's, and members that are there twice, of which it takes the
// last. What checks or logs a request by another parser would see another request.
func checkMembers(body []byte, t reflect.Type) error {
	c := memberCheck{json.NewDecoder(bytes.NewReader(body))}
	return c.value(t)
}

type memberCheck struct{ dec *json.Decoder }

// value checks the next value, of a type; nil is any.
func (c memberCheck) value(t reflect.Type) error {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	token, err := c.dec.Token()
	if err != nil {
		return explain(err)
	}
	switch token {
	case json.Delim('{'):
		return c.object(t)
	case json.Delim('['):
		return c.list(t)
	}
	return nil
}

func (c memberCheck) list(t reflect.Type) error {
	elem := elementOf(t)
	for c.dec.More() {
		if err := c.value(elem); err != nil {
			return err
		}
	}
	return c.end()
}

func (c memberCheck) object(t reflect.Type) error {
	members, known := membersOf(t)
	elem := elementOf(t)
	var seen map[string]bool
	for c.dec.More() {
		token, err := c.dec.Token()
		if err != nil {
			return explain(err)
		}
		name, _ := token.(string)
		if seen[name] {
			return fault.Field(name, "the field is there twice")
		}
		if seen == nil {
			seen = map[string]bool{}
		}
		seen[name] = true
		of := elem
		if known {
			if of = members[name]; of == nil {
				return fault.Field(name, "there is no such field")
			}
		}
		if err := c.value(of); err != nil {
			return err
		}
	}
	return c.end()
}

// end reads the end of a list or an object.
func (c memberCheck) end() error {
	if _, err := c.dec.Token(); err != nil {
		return explain(err)
	}
	return nil
}

// structMembers caches the members of structs: to find them takes longer than a request.
var structMembers sync.Map // reflect.Type -> map[string]reflect.Type

func membersOf(t reflect.Type) (map[string]reflect.Type, bool) {
	if t == nil {
		return nil, false
	}
	if cached, ok := structMembers.Load(t); ok {
		return cached.(map[string]reflect.Type), true
	}
	members, ok := shape.Members(t)
	if ok {
		structMembers.Store(t, members)
	}
	return members, ok
}

func elementOf(t reflect.Type) reflect.Type {
	if t == nil {
		return nil
	}
	elem, _ := shape.Element(t)
	return elem
}
