// Package shape describes the JSON of Go types in a line of text, parses such a line,
// and decides whether a reader of one description can read the JSON of another. Package
// event compares releases of a program with it; it does not depend on events.
package shape

import (
	"encoding"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// schemer is how a type with its own MarshalJSON describes itself.
type schemer interface{ Schema() string }

var (
	timeType = reflect.TypeFor[time.Time]()
	rawType  = reflect.TypeFor[json.RawMessage]()
	jsonType = reflect.TypeFor[json.Marshaler]()
	textType = reflect.TypeFor[encoding.TextMarshaler]()
)

// Fingerprint returns 16 hexadecimal digits of a description: FNV-1a, since it
// guards against accidents and not against an attacker.
func Fingerprint(s string) string {
	h := fnv.New64a()
	h.Write([]byte(s))
	return fmt.Sprintf("%016x", h.Sum64())
}

// Describe renders the JSON that values of t become, without the names of Go
// types and packages: two types with the same JSON have the same description.
func Describe(t reflect.Type) (string, error) {
	return (&describer{}).describe(t)
}

// A describer walks one type. path holds the types being described, outermost
// first: a type inside itself is written as the number of steps back to it.
type describer struct{ path []reflect.Type }

func (d *describer) describe(t reflect.Type) (string, error) {
	if i := slices.Index(d.path, t); i >= 0 {
		return fmt.Sprintf("^%d", len(d.path)-i), nil
	}
	d.path = append(d.path, t)
	defer func() { d.path = d.path[:len(d.path)-1] }()

	if s, ok, err := special(t); ok || err != nil {
		return s, err
	}
	switch t.Kind() {
	case reflect.Pointer:
		return d.wrap("?", t.Elem(), "")
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 && !marshals(t.Elem()) {
			return "base64", nil
		}
		return d.wrap("[", t.Elem(), "]")
	case reflect.Array: // its length counts: a shorter one drops what is too much
		return d.wrap(fmt.Sprintf("[%d ", t.Len()), t.Elem(), "]")
	case reflect.Map:
		return d.mapping(t)
	case reflect.Struct:
		return d.object(t)
	case reflect.Interface:
		if t.NumMethod() > 0 {
			return "", fmt.Errorf("%s cannot be read back from JSON", t)
		}
		return "any", nil
	case reflect.Func, reflect.Chan, reflect.Complex64, reflect.Complex128, reflect.UnsafePointer:
		return "", fmt.Errorf("%s cannot travel as JSON", t)
	default:
		return t.Kind().String(), nil // bool, string, and numbers with their size
	}
}

// special covers the types whose JSON does not follow from their kind.
func special(t reflect.Type) (schema string, ok bool, err error) {
	ptr := reflect.PointerTo(t)
	switch {
	case t == timeType:
		return "time", true, nil
	case t == rawType:
		return "any", true, nil
	case t.Kind() == reflect.Pointer || t.Kind() == reflect.Interface:
		return "", false, nil
	case ptr.Implements(jsonType):
		s, ok := reflect.New(t).Interface().(schemer)
		if !ok {
			return "", false, fmt.Errorf("%s has its own MarshalJSON and needs a method Schema() string", t)
		}
		return "custom(" + label(s.Schema()) + ")", true, nil
	case ptr.Implements(textType):
		return "text", true, nil
	}
	return "", false, nil
}

// marshals reports whether t's JSON is made by a method of its own.
func marshals(t reflect.Type) bool {
	ptr := reflect.PointerTo(t)
	return ptr.Implements(jsonType) || ptr.Implements(textType)
}

func (d *describer) wrap(open string, elem reflect.Type, end string) (string, error) {
	s, err := d.describe(elem)
	return open + s + end, err
}

func (d *describer) mapping(t reflect.Type) (string, error) {
	if k := t.Key(); !k.Implements(textType) && k.Kind() != reflect.String && !isInteger(k.Kind()) {
		return "", fmt.Errorf("%s cannot travel as JSON: its keys are not texts or whole numbers", t)
	}
	key, err := d.describe(t.Key())
	if err != nil {
		return "", err
	}
	return d.wrap("map["+key+"]", t.Elem(), "")
}

func isInteger(k reflect.Kind) bool { return reflect.Int <= k && k <= reflect.Uintptr }

func (d *describer) object(t reflect.Type) (string, error) {
	fields := jsonFields(t)
	parts := make([]string, len(fields))
	for i, f := range fields {
		s, err := d.describe(f.typ)
		if err != nil {
			return "", fmt.Errorf("field %s: %w", f.name, err)
		}
		parts[i] = label(f.name) + ":" + s + f.options
	}
	return "{" + strings.Join(parts, " ") + "}", nil
}

// label writes a text that is not the package's own: quoted if it could be taken
// for a part of the description around it.
func label(s string) string {
	if s == "" || strings.ContainsFunc(s, func(r rune) bool { return !isWord(r) }) {
		return strconv.Quote(s)
	}
	return s
}

func isWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_-.$", r)
}
