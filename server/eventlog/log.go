// Package eventlog is the contract of the one ordered log that everything in
// Seaway reads from, and an implementation in memory for tests.
//
// # Promises of every log
//
// Order: events have one order, that of their sequence numbers, the same for
// every reader on every node. Numbers rise and may leave holes.
//
// Durability: Append returns when the event is stored as durably as the log was
// configured to. An event whose Append failed may be stored or not, unless the
// error says which; to append it again under the same key is safe.
//
// Identity: an [event.ID] names one event for ever. If a log loses events, by
// damage or a power cut, or because an older copy of its data was restored, and
// gives their numbers to others, the ids differ, and [State.Proves] refuses the
// former ones, whether or not an event is stored under the number.
//
// Loss: events leave a log only by its retention (count, bytes, age), by their
// own lifetime, or by a newer event of a topic that keeps only the latest.
// What has left is not there for any reader; nothing is held back for slow
// ones, and nobody is slowed by them.
//
// Blocking: methods block until they are done or their context ends. They are
// safe for concurrent use. After Close they return [ErrClosed].
//
// The suite in eventlogtest holds an implementation to all of this.
package eventlog

import (
	"context"
	"time"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
)

// The errors of a log, to be compared with [errors.Is]. Each can be told to a
// client as it is.
var (
	// ErrUnavailable: the log cannot be reached just now, and whether an
	// append was stored is unknown. Try again under the same key.
	ErrUnavailable = fault.New(fault.Unavailable, "the log cannot be reached")
	// ErrConflict: the topic's newest event is not the one expected. Nothing
	// was stored.
	ErrConflict = fault.New(fault.Conflict, "the topic has changed meanwhile")
	// ErrKeyReused: an event was stored under the key for another request.
	// Nothing was stored now.
	ErrKeyReused = fault.New(fault.KeyReused, "the idempotency key was used before, for another request")
	// ErrTooLarge: the event exceeds the log's limit. Nothing was stored.
	ErrTooLarge = fault.New(fault.TooLarge, "the event is too large")
	// ErrFull: there is no room, and waiting will not make any: an operator
	// must act. Nothing was stored.
	ErrFull = fault.New(fault.Full, "the log is full")
	// ErrGap: events that were asked for are gone, or the log was replaced by
	// another.
	ErrGap = fault.New(fault.Gone, "the position is gone")
	// ErrClosed: the log was closed.
	ErrClosed = fault.New(fault.Unavailable, "the log is closed")
)

// A Log stores events in one order.
type Log interface {
	// Append stores a draft and returns when it is durable, with the event's
	// ID. A draft under a key that the log still remembers is not stored
	// again: Append returns the first one's ID, whatever the draft expects of
	// its topic, or [ErrKeyReused] if both name a request and not the same one.
	// (A log may have lost the first one's with its event, if that has left
	// already; it then answers as to a retry.) Append itself tries again
	// through short outages, for 10 s or until ctx ends, and then returns
	// [ErrUnavailable]. It also returns [ErrConflict], [ErrTooLarge],
	// [ErrFull] and the errors of [event.Draft.Check].
	Append(ctx context.Context, d event.Draft) (event.ID, error)

	// Read returns stored events from number from on, inclusive, oldest first:
	// those of the topics, or of all topics if none are named. A page holds at
	// most limit events, and at least one if there is any up to the head.
	Read(ctx context.Context, from uint64, limit int, topics ...string) (Page, error)

	// Tail calls fn with the events from number from on, in order, each once,
	// as they are stored, for ever. It returns only when ctx ends, with its
	// error, with [ErrClosed], or with [ErrGap] when the log turns out to have
	// been replaced or to have lost what Tail already delivered.
	//
	// An empty batch without an error says that fn has been given all that was
	// stored when Tail began, and again after an outage, all that was stored
	// at its end: events that come meanwhile do not put it off.
	// A batch with an error, always [ErrUnavailable], says that the log is
	// out of reach, or cannot store anything for want of a quorum; Tail goes on by
	// itself, and may deliver events before the empty batch that ends it. fn is called by one goroutine at a
	// time, and the events of a batch are fn's to keep, the slice is not.
	Tail(ctx context.Context, from uint64, fn func(batch []event.Event, err error)) error

	// State describes the log as this node knows it.
	State(ctx context.Context) (State, error)

	// Close releases the log. What was appended stays. Tails return.
	Close() error
}

// A Page is the result of a Read.
type Page struct {
	Events []event.Event
	// Next is the number to read on from: all events of the topics below it
	// have been returned, by this page or by an earlier one. At the head it is
	// beyond the last number this node knows, also if the page is empty.
	Next uint64
	// Head says that this node holds no more events of the topics. It may lag
	// behind the log: Head is never a proof that the log holds no more.
	Head bool
}

// A State describes a log.
type State struct {
	Epoch string // the log's birth
	// First is the number from which on retention (count, bytes, age) has
	// removed nothing: what is not there from it on has reached the end of its
	// own lifetime, or was replaced by a newer event. It is Last+1 if retention
	// has removed everything.
	First uint64
	Last  uint64 // the highest number ever given; 0 if none

	Generations Generations // the log's starts, if it can go back to older data
}

// Position returns the position right after a number of this log.
func (s State) Position(seq uint64) event.ID {
	return event.Position(s.Epoch, seq).In(s.Generations.Of(seq))
}

// Proves reports whether an id that a client brings back is of this log, and of
// the history that it has. Whether all that came after it is still there is
// another question, which First answers.
func (s State) Proves(id event.ID) bool {
	return id.Epoch() == s.Epoch && s.Generations.Proves(id)
}

// Retention bounds a log. The zero value of each field stands for its default;
// no log is unlimited.
type Retention struct {
	MaxEvents int64         // default 1,000,000
	MaxBytes  int64         // default 1 GiB, on a disk at most a tenth of it
	MaxAge    time.Duration // default 7 days
	// MaxEvent is the size of the largest event, payload and names, in bytes.
	// Default 256 KiB.
	MaxEvent int
	// KeyWindow is how long an idempotency key is remembered, at most MaxAge.
	// Default 2 minutes. Each key costs memory, about 200 bytes, for that long.
	KeyWindow time.Duration
}

// WithDefaults returns the retention with its zero fields replaced.
func (r Retention) WithDefaults() Retention {
	setDefault(&r.MaxEvents, 1_000_000)
	setDefault(&r.MaxBytes, 1<<30)
	setDefault(&r.MaxAge, 7*24*time.Hour)
	setDefault(&r.MaxEvent, 256<<10)
	setDefault(&r.KeyWindow, 2*time.Minute)
	return r
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
