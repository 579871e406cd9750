package event

import (
	"encoding/json"
	"fmt"
	"sync/atomic"
)

// A lineage leads from an event type to its older form. What is any here is a
// payload of one of the two.
type lineage struct {
	older, newer string
	up           func(older any) (newer any)
	down         func(newer any) (older any)
	readOlder    func(data []byte) (any, error)
	readNewer    func(data []byte) (any, error)
	writeOlder   func(older any) ([]byte, error)
}

// lineages has each lineage by the name of its newer type. The map is replaced, never
// changed: an encoder looks into it for every event.
var lineages atomic.Pointer[map[string]*lineage]

// Upcast joins an event type to the one that takes its place, where the change
// is not additive. It belongs into the contract, beside the definitions, so
// that both halves know it; old stays defined as it was.
//
// A server that publishes new then also writes each event in its old form, made
// by down, for pages of the last release. A page that follows new also receives
// old, through up: events that the log still holds, or the events of a server that
// does not know new yet. A server that reads a log decodes both by [Type.Decode]. Both
// functions must take any payload of their type and must not panic: there is no caller
// to report an error to.
//
// Types can be joined in a row, v1 to v2 to v3: then pages two releases old
// still receive events. Upcast panics if a type was not made by [Define], if new has
// an older form or old a newer one already, or if the row would be a ring.
//
// With more than one server, release the definitions first and publish new in
// the release after that: a server that does not know new cannot write its old
// form, and pages that it serves would miss the event.
func Upcast[Old, New any](old Type[Old], new Type[New], up func(Old) New, down func(New) Old) {
	l := &lineage{
		older: old.name, newer: new.name,
		up:        func(v any) any { return up(payload[Old](v)) },
		down:      func(v any) any { return down(payload[New](v)) },
		readOlder: read[Old], readNewer: read[New],
		writeOlder: func(v any) ([]byte, error) {
			p := payload[Old](v)
			return json.Marshal(&p) // a pointer, as in Draft
		},
	}
	if err := join(l); err != nil {
		panic("event: " + err.Error())
	}
}

// payload returns v as what it is. A nil v is a payload of an interface type.
func payload[T any](v any) T {
	p, _ := v.(T)
	return p
}

func read[T any](data []byte) (any, error) {
	var v T
	err := json.Unmarshal(data, &v)
	return v, err
}

func join(l *lineage) error {
	registry.Lock()
	defer registry.Unlock()
	if l.older == "" || l.newer == "" {
		return fmt.Errorf("an upcast from %q to %q: %w", l.older, l.newer, ErrUndefined)
	}
	joined := map[string]*lineage{l.newer: l}
	for _, other := range present() {
		switch {
		case other.newer == l.newer:
			return fmt.Errorf("event type %q has an older form already, %q", l.newer, other.older)
		case other.older == l.older:
			return fmt.Errorf("event type %q has a newer form already, %q", l.older, other.newer)
		}
		joined[other.newer] = other
	}
	for name := l.older; ; name = joined[name].older {
		if name == l.newer {
			return fmt.Errorf("event type %q is its own older form", name)
		}
		if joined[name] == nil {
			break
		}
	}
	lineages.Store(&joined)
	return nil
}

func present() map[string]*lineage {
	if all := lineages.Load(); all != nil {
		return *all
	}
	return nil
}
