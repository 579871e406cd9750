package main

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/seawaykit/seaway/e2e/bench/load"
)

// listen makes a member that has been told hello at the log's number 10, and
// then the events with these numbers. The book has event 1 at number 9, event 2
// at number 11, and so on by twos.
func listen(t *testing.T, numbers ...uint32) (*member, *book) {
	t.Helper()
	b := newBook()
	for seq := 9; seq < 30; seq += 2 {
		b.enter(load.Stamp{}, fmt.Sprintf("epoch-%d-t-_g", seq))
	}
	m := &member{clients: newClients(nil, 0, rand.New(rand.NewPCG(1, 1)))}
	m.Received(nil, load.Event{ID: []byte("epoch-10-tagg"), Name: []byte("hello"), Data: []byte("{}")}, time.Time{})
	for _, n := range numbers {
		text := load.Stamp{Number: n}.String()
		m.Received(nil, load.Event{Name: []byte("chat.posted"), Data: []byte(`{"text":"` + text + `"}`)}, time.Time{})
	}
	m.checkStart(b)
	return m, b
}

func TestMemberThatMissesAnEventHasAFault(t *testing.T) {
	for _, tc := range []struct {
		name    string
		numbers []uint32
		faults  int
	}{
		{"everything from its start", []uint32{2, 3, 4}, 0},
		{"nothing yet", nil, 0},
		{"its first event is missing", []uint32{3, 4}, 1},
		{"one from before its start", []uint32{1, 2}, 1},
		{"a loss", []uint32{2, 3, 5}, 1},
		{"a repeat", []uint32{2, 3, 3, 4}, 1},
		{"a turn", []uint32{2, 4, 3}, 2},
	} {
		if m, _ := listen(t, tc.numbers...); len(m.faults) != tc.faults {
			t.Errorf("%s: faults %q, want %d", tc.name, m.faults, tc.faults)
		}
	}
}

func TestResetIsAFault(t *testing.T) {
	m, _ := listen(t, 2)
	m.Received(nil, load.Event{Name: []byte("reset"), Data: []byte(`{"reason":"purged"}`)}, time.Time{})
	if len(m.faults) != 1 {
		t.Errorf("faults %q", m.faults)
	}
}
