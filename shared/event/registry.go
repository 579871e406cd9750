package event

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/seawaykit/seaway/shared/internal/shape"
)

// registry holds the descriptions of event types, by name. It is filled while the
// program's packages are initialised and only read afterwards.
var registry = struct {
	sync.RWMutex
	schema  map[string]string   // the description of each defined type
	history map[string][]string // the descriptions of its releases, oldest first
	accepts map[string][]string // what Accepts has found, until something is added
}{schema: map[string]string{}, history: map[string][]string{}}

func register(name string, t reflect.Type) error {
	schema, err := shape.Describe(t)
	if err != nil {
		return fmt.Errorf("event type %q: %w", name, err)
	}
	registry.Lock()
	defer registry.Unlock()
	if _, taken := registry.schema[name]; taken {
		return fmt.Errorf("event type %q is defined twice", name)
	}
	registry.schema[name] = schema
	registry.accepts = nil
	return nil
}

// Schemas returns a fingerprint of each defined type's payload, by name: 16
// hexadecimal digits.
func Schemas() map[string]string {
	registry.RLock()
	defer registry.RUnlock()
	prints := make(map[string]string, len(registry.schema))
	for name, schema := range registry.schema {
		prints[name] = shape.Fingerprint(schema)
	}
	return prints
}

// Fingerprint returns one fingerprint of all defined types: 16 hexadecimal
// digits. It changes when a type is added, removed or renamed, and when a
// payload's JSON changes: a field's name, kind or omitempty, at any depth.
//
// Payloads follow the rules of encoding/json. Types that marshal themselves to
// text count as text; a type with its own MarshalJSON must also have a method
// Schema() string that changes whenever its JSON does, since reflection cannot
// see what it writes. Functions, channels and complex numbers are refused.
func Fingerprint() string { return shape.Fingerprint(Schema()) }

// Schema returns the description that [Fingerprint] digests, one line a type,
// sorted by name.
func Schema() string {
	registry.RLock()
	defer registry.RUnlock()
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(registry.schema)) {
		fmt.Fprintf(&b, "%s %s\n", name, registry.schema[name])
	}
	return b.String()
}
