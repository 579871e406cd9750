package eventlog

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seawaykit/seaway/shared/event"
)

// A valueTable holds the values of a Memory.
type valueTable struct {
	values map[string]Value
	holds  map[string]uint64 // up to where each value that holds includes the events
	lowest uint64            // the lowest of those numbers, if known
	known  bool
}

// set stores a value that includes the events up to number seq.
func (t *valueTable) set(v Value, seq uint64) {
	t.forget(v.Name)
	t.values[v.Name] = v
	if v.Holds {
		t.holds[v.Name] = seq
		t.known = t.known && seq >= t.lowest
	}
}

// forget removes the value of a name.
func (t *valueTable) forget(name string) {
	if seq, held := t.holds[name]; held && seq == t.lowest {
		t.known = false
	}
	delete(t.values, name)
	delete(t.holds, name)
}

// limit returns the number after which events are held. ok is false if none are.
func (t *valueTable) limit() (seq uint64, ok bool) {
	if len(t.holds) == 0 {
		return 0, false
	}
	if !t.known {
		t.lowest, t.known = slices.Min(slices.Collect(maps.Values(t.holds))), true
	}
	return t.lowest, true
}

// Put implements [Values].
func (m *Memory) Put(ctx context.Context, v Value, prev event.ID) error {
	if err := m.put(ctx, v, prev); err != nil {
		return fmt.Errorf("put %.300q: %w", v.Name, err)
	}
	return nil
}

func (m *Memory) put(ctx context.Context, v Value, prev event.ID) error {
	if err := CheckValue(v); err != nil {
		return err
	}
	now, unlock, err := m.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	state := m.state()
	if err := state.CheckMove(v, prev); err != nil {
		return err
	}
	if m.values.values[v.Name].Position != prev {
		return ErrConflict
	}
	seq := state.Includes(v)
	if v.Holds && seq+1 < state.First {
		return ErrGap
	}
	v.Data = bytes.Clone(v.Data) // the caller may use its own again
	m.values.set(v, seq)
	m.trim(now)
	return nil
}

// Get implements [Values].
func (m *Memory) Get(ctx context.Context, name string) (Value, error) {
	v, err := m.get(ctx, name)
	if err != nil {
		return Value{}, fmt.Errorf("get %.300q: %w", name, err)
	}
	return v, nil
}

func (m *Memory) get(ctx context.Context, name string) (Value, error) {
	if err := CheckValueName(name); err != nil {
		return Value{}, err
	}
	_, unlock, err := m.lock(ctx)
	if err != nil {
		return Value{}, err
	}
	defer unlock()
	v, ok := m.values.values[name]
	if !ok {
		return Value{}, ErrNoValue
	}
	v.Data = bytes.Clone(v.Data)
	return v, nil
}

// Names implements [Values].
func (m *Memory) Names(ctx context.Context, prefix string) ([]string, error) {
	_, unlock, err := m.lock(ctx)
	if err != nil {
		return nil, fmt.Errorf("names of values: %w", err)
	}
	defer unlock()
	var names []string
	for name := range m.values.values {
		if strings.HasPrefix(name, prefix) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// Delete implements [Values].
func (m *Memory) Delete(ctx context.Context, name string, prev event.ID) error {
	if err := m.delete(ctx, name, prev); err != nil {
		return fmt.Errorf("delete %.300q: %w", name, err)
	}
	return nil
}

func (m *Memory) delete(ctx context.Context, name string, prev event.ID) error {
	if err := CheckValueName(name); err != nil {
		return err
	}
	now, unlock, err := m.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	v, ok := m.values.values[name]
	switch {
	case !ok:
		return nil
	case v.Position != prev:
		return ErrConflict
	}
	m.values.forget(name)
	m.trim(now)
	return nil
}
