// Package eventlog defines the [Log], the ordered store of events that streams,
// pages and commands use, and implements it in memory for tests.
//
//	log, err := embedded.Open(ctx, embedded.Options{Dir: "data"}) // an eventlog.Log, as jetstream.Connect returns
//	if err != nil {
//		return err
//	}
//	defer log.Close()
//	id, err := chat.Posted.Publish(ctx, log, "room.lobby", message) // durable when it returns
//	page, err := log.Read(ctx, 0, 100, "room.lobby")                // the oldest 100 that are left
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
// Whole: AppendAll stores several events of a topic as one, all or none of them, with no
// other event between them. See [Log].
//
// Identity: an [event.ID] names one event for ever. If a log loses events, by
// damage or a power cut, or because an older copy of its data was restored, and
// gives their numbers to others, the ids differ, and [State.Proves] refuses the
// old ones, whether or not an event is stored under the number.
//
// Loss: events leave a log only by its retention (count, bytes, age), by their
// own lifetime, or by a newer event of a topic that keeps only the latest. An
// event that has left is gone for every reader: the log holds nothing back for
// slow readers, and is not slowed by them.
//
// Values: named values are stored beside the events, such as checkpoints, and
// never leave by retention. While there are values that hold events, an event
// leaves by retention only when all of them include it. What the retention would
// have removed leaves within a second after that, but for 2 percent of its limits.
// A log that its values keep from that grows to its hard limit ([Retention.Hard]),
// of any age, and then refuses to append, with [ErrHeld]: it never removes an event
// that a value holds. See [Values].
//
// Gaps: Read and Tail never skip silently what retention has removed. From a
// number below [State.First] they return [ErrGap], whatever the topics, and so
// does a Tail that retention overtakes. From 0 they begin with the oldest event
// that is left. An event that has expired or was replaced leaves no gap: no
// reader needs it any more.
//
// Tracing: Append and AppendAll are traced by the [Tracer] of their context, if it has one.
//
// Blocking: methods block until they are done or their context ends. They are
// safe for concurrent use. After Close they return [ErrClosed].
//
// Package eventlogtest tests an implementation for all of this.
package eventlog

import (
	"context"
	"time"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
)

// The errors of a log, to be compared with [errors.Is]. Each can be sent to a
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
	// ErrFull: there is no room, and waiting does not help: an operator must
	// act. Nothing was stored.
	ErrFull = fault.New(fault.Full, "the log is full")
	// ErrGap: retention has removed events that were asked for, or the log was
	// replaced by another. What is left begins at [State.First].
	ErrGap = fault.New(fault.Gone, "the position is gone")
	// ErrClosed: the log was closed.
	ErrClosed = fault.New(fault.Unavailable, "the log is closed")
)

// A Log stores events in one order, and delivers them to any number of readers.
type Log interface {
	// Append stores a draft and returns when it is durable, with the event's ID. A
	// draft under a key that the log still remembers is not stored again: Append
	// returns the ID of the first one without checking ExpectLast. If both name a
	// request and the two differ, it returns [ErrKeyReused]. (A log may have lost
	// the first one's request with its event, if that has left already; it then
	// treats the draft as a retry.) Append itself retries during short outages, for
	// 10 s or until ctx ends, and then returns [ErrUnavailable]. It also returns
	// [ErrConflict], [ErrTooLarge], [ErrFull] and the errors of [event.Draft.Check].
	Append(ctx context.Context, d event.Draft) (event.ID, error)

	// AppendAll stores 1 to [MaxBatch] drafts of one topic, all or none of them, and
	// returns when all are durable, with their IDs. Their numbers follow each other, with
	// no other event between them. Key, Request and ExpectLast of the first draft hold
	// for all, and the others have none: the other events have the keys of
	// [event.PartKey]. A key that the log still remembers returns the IDs of the first
	// time, however many drafts there were, without checking ExpectLast, if no more than the
	// others of its events have left. The other keys must be unused, else it returns
	// [ErrKeyReused]. TTL is that of each draft, Latest is for a single one. It returns the
	// errors of Append, [ErrBatch], and [ErrNoBatches] for more drafts than one.
	//
	// Once one of them can be read the others can as well: a page that does not reach the
	// head, or a batch of a tail, may end between them, and what comes after it begins with
	// the others. State.Last may lie between them while they are being stored. Retention
	// removes them one by one.
	AppendAll(ctx context.Context, drafts []event.Draft) ([]event.ID, error)

	// Read returns stored events from number from on, inclusive, oldest first:
	// those of the topics, or of all topics if none are named. A page holds at
	// most limit events, and at least one if there is any up to the head. From 0
	// it begins with the oldest that is left, and from a number below
	// [State.First] it returns [ErrGap].
	Read(ctx context.Context, from uint64, limit int, topics ...string) (Page, error)

	// Tail calls fn with the events from number from on, in order, each once,
	// as they are stored, for ever. From 0 it begins with the oldest that is
	// left. It returns only when ctx ends, with its error, with [ErrClosed], or
	// with [ErrGap]: when retention has removed an event that is yet to be
	// delivered, or when the log turns out to have been replaced or to have lost
	// what Tail already delivered.
	//
	// An empty batch without an error means that fn has caught up: it comes once fn
	// has had all that was stored when Tail began, and after each outage once fn has
	// had all that was stored at its end. Events that come meanwhile do not delay
	// that. A batch with an error, always [ErrUnavailable], means that the log is
	// out of reach, or cannot store anything for want of a quorum; Tail continues by
	// itself, and may deliver events before the empty batch that ends the outage. fn
	// is called by one goroutine at a time, and the events of a batch are fn's to
	// keep, the slice is not.
	Tail(ctx context.Context, from uint64, fn func(batch []event.Event, err error)) error

	Values

	// State describes the log as it is. While nothing proves that, since a cluster
	// has no quorum, it returns [ErrUnavailable]: no position is refused for what a
	// replica that lags does not know.
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
	// Head is true if this node holds no more events of the topics. The node
	// may lag: Head is never a proof that the log holds no more.
	Head bool
}

// A State describes a log at one moment.
type State struct {
	Epoch string // the log's name, given when it was created
	// First is the lowest number to read from without [ErrGap]: from it on
	// retention (count, bytes, age) has removed nothing, and an event that is
	// missing has expired, or was replaced by a newer one. It is Last+1 if
	// retention has removed everything.
	First uint64
	Last  uint64 // the highest number ever given; 0 if none

	// Events is how many events the log holds, perhaps with some messages of its
	// own, and Bytes how much room they take, as [Retention] counts it.
	Events, Bytes uint64

	Retention   Retention   // what the log keeps; zero if that is not known
	Generations Generations // the log's starts, if it can go back to older data
}

// Position returns the position right after a number of this log.
func (s State) Position(seq uint64) event.ID {
	return event.Position(s.Epoch, seq).In(s.Generations.Of(seq))
}

// Proves reports whether an id that a client sends back is of this log, and of
// its present history. Whether everything after it is still there is a separate
// question, which First answers.
func (s State) Proves(id event.ID) bool {
	return id.Epoch() == s.Epoch && s.Generations.Proves(id)
}

// Retention is how much a log keeps. The zero value of each field stands for
// its default; no log is unlimited. While values hold events, see [Values].
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
