package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/seawaykit/seaway/e2e/bench/load"
)

// A member is one reader, from its first connection to its last.
type member struct {
	clients *clients
	stream  *load.Stream

	wake    time.Time // when it does what is next, if it is away or stalled
	stalled bool
	first   uint64 // the number in the log after which its first stream began
	met     bool   // its first stream has said hello
	next    uint32 // the number of the event that must come next; 0 before the first
	begun   uint32 // the number of the first event it received
	faults  []string
}

func newMember(c *clients) *member {
	m := &member{clients: c}
	m.stream = c.loop.NewStream("/events?topic=room."+room, m)
	return m
}

// Opened implements [load.Watcher].
func (m *member) Opened(*load.Stream) { m.clients.counts.opened++ }

// Ended implements [load.Watcher]. A server may end a stream; what it may not do
// is lose an event by it.
func (m *member) Ended(_ *load.Stream, err error) {
	m.clients.counts.ended++
	m.clients.lastEnd = err
	m.stalled = false
	m.wake = time.Now().Add(m.clients.upTo(time.Second))
}

// Received implements [load.Watcher].
func (m *member) Received(_ *load.Stream, e load.Event, _ time.Time) {
	switch string(e.Name) {
	case "hello":
		if !m.met {
			m.met, m.first = true, seqOf(string(e.ID))
		}
	case "reset", "fault":
		m.fault("%s: %.100s", e.Name, e.Data)
	}
	stamp, ok := load.FindStamp(e.Data)
	if !ok {
		return
	}
	m.clients.counts.received++
	if m.next == 0 {
		m.begun = stamp.Number
	} else if stamp.Number != m.next {
		m.fault("number %d came where %d was next", stamp.Number, m.next)
	}
	m.next = stamp.Number + 1
}

// fault notes what went wrong, the first few times.
func (m *member) fault(format string, args ...any) {
	if len(m.faults) < 3 {
		m.faults = append(m.faults, fmt.Sprintf(format, args...))
	}
}

// checkStart adds what the member has missed at its beginning.
func (m *member) checkStart(b *book) {
	if m.next == 0 {
		return // it left before anything came
	}
	if want := b.firstAfter(m.first); m.begun != want {
		m.fault("it began after number %d of the log, and its first event was %d, not %d", m.first, m.begun, want)
	}
}

// checkEnd adds what a member that has stayed has missed at the end.
func (m *member) checkEnd(b *book, last uint32) {
	switch {
	case !m.stream.IsOpen():
		m.fault("its stream is not open; the last that was ended was so by %v", m.clients.lastEnd)
	case m.next == 0 && b.firstAfter(m.first) != 0:
		m.fault("nothing has come, though it began before event %d", b.firstAfter(m.first))
	case m.next > 0 && m.next <= last:
		m.fault("the last that has come is %d of %d", m.next-1, last)
	}
}

// seqOf returns the number in an id, epoch-number-tag; 0 if there is none.
func seqOf(id string) uint64 {
	_, rest, _ := strings.Cut(id, "-")
	number, _, _ := strings.Cut(rest, "-")
	seq, err := strconv.ParseUint(number, 10, 64)
	if err != nil {
		return 0
	}
	return seq
}
