package event

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// MaxKey is the length of the longest idempotency key, in bytes.
const MaxKey = 128

var (
	// ErrKey says that an idempotency key holds something other than printable
	// ASCII or is longer than [MaxKey].
	ErrKey = errors.New("an idempotency key is at most 128 bytes of printable ASCII without spaces")
	// ErrRequest says that a draft's Request holds something other than printable
	// ASCII or is longer than [MaxKey].
	ErrRequest = errors.New("the name of a request is at most 128 bytes of printable ASCII without spaces")
	// ErrTTL says that a lifetime is shorter than a second.
	ErrTTL = errors.New("an event's lifetime is at least one second")
)

// A Draft is an event that no log has accepted yet.
type Draft struct {
	Topic string // where it is published; see CheckTopic
	Type  string // what it is; see CheckName
	Data  []byte // the payload; a log does not look into it

	// Key makes a retry safe: a log that has stored an event under this key
	// answers with that event's ID and stores nothing. How long it remembers
	// is an option of the log. If Key is empty the log makes one.
	Key string

	// Request names what the publisher was asked for under the Key, best by a
	// digest. It is stored with the event: a log that has stored one under this
	// key for another request refuses the draft. Empty is compared with nothing.
	Request string

	// ExpectLast, if not nil, is the number of the topic's newest event as the
	// publisher knows it, 0 for none. The log refuses the draft if it differs.
	ExpectLast *uint64

	// Latest keeps only this event of its topic: older ones are removed in the
	// same step. It suits a value of which only the newest matters.
	Latest bool

	// TTL removes the event that long after it was stored. At least a second;
	// zero leaves it to the log's retention.
	TTL time.Duration
}

// Check reports whether the draft can become an event.
func (d Draft) Check() error {
	if err := CheckTopic(d.Topic); err != nil {
		return err
	}
	if err := CheckName(d.Type); err != nil {
		return err
	}
	if err := CheckKey(d.Key); err != nil {
		return err
	}
	if CheckKey(d.Request) != nil {
		return ErrRequest
	}
	if d.TTL != 0 && d.TTL < time.Second {
		return ErrTTL
	}
	return nil
}

// CheckKey reports whether s can be an idempotency key: at most [MaxKey] bytes
// of printable ASCII without spaces. Empty is no key, which is fine. The error
// is [ErrKey].
func CheckKey(s string) error {
	for _, c := range []byte(s) {
		if c <= ' ' || c > '~' {
			return ErrKey
		}
	}
	if len(s) > MaxKey {
		return ErrKey
	}
	return nil
}

// An Appender stores drafts. Every log is one.
type Appender interface {
	// Append returns when the event is durable, with its ID.
	Append(ctx context.Context, d Draft) (ID, error)
}

// An Option changes how one event is published.
type Option func(*Draft)

// Key publishes under an idempotency key, which makes a retry safe.
func Key(k string) Option { return func(d *Draft) { d.Key = k } }

// Request publishes only if the key has not been used for a request of another
// name.
func Request(name string) Option { return func(d *Draft) { d.Request = name } }

// ExpectLast publishes only if the topic's newest event has number seq, or if
// the topic has none and seq is 0.
func ExpectLast(seq uint64) Option { return func(d *Draft) { d.ExpectLast = &seq } }

// Latest removes the topic's older events in the same step.
func Latest() Option { return func(d *Draft) { d.Latest = true } }

// Expires removes the event after ttl, which is at least a second.
func Expires(ttl time.Duration) Option { return func(d *Draft) { d.TTL = ttl } }

// An Event is one entry of a log. Its fields are set once, by [New], and hold
// no value that could break a frame of an event stream.
type Event struct {
	id    ID
	topic string
	typ   string
	time  time.Time
	data  []byte

	latest bool
	ttl    time.Duration
}

// New returns the event that a log stored from a draft under id at the time
// given. The event keeps d.Data: the caller must not change it afterwards.
func New(id ID, d Draft, at time.Time) (Event, error) {
	if err := d.Check(); err != nil {
		return Event{}, err
	}
	if id.IsZero() || id.IsPosition() {
		return Event{}, fmt.Errorf("id %q names no event", id)
	}
	return Event{
		id: id, topic: d.Topic, typ: d.Type, time: at, data: d.Data,
		latest: d.Latest, ttl: d.TTL,
	}, nil
}

// ID returns the event's name and position.
func (e Event) ID() ID { return e.id }

// Topic returns where the event was published.
func (e Event) Topic() string { return e.topic }

// Type returns the name of the event's type.
func (e Event) Type() string { return e.typ }

// Time returns when the log stored the event, by the log's clock.
func (e Event) Time() time.Time { return e.time }

// Data returns the payload. The caller must not change it.
func (e Event) Data() []byte { return e.data }

// Latest reports whether the event replaced the older ones of its topic.
func (e Event) Latest() bool { return e.latest }

// Expires returns when the event leaves the log by its own lifetime; the zero
// time if it has none.
func (e Event) Expires() time.Time {
	if e.ttl == 0 {
		return time.Time{}
	}
	return e.time.Add(e.ttl)
}
