package eventlog

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
)

const (
	// MaxValue is the size of the largest value, in bytes.
	MaxValue = 8 << 20
	// MaxValueName is the length of the longest name of a value, in bytes.
	MaxValueName = 256
)

// Hard returns how many events and bytes a log stores while values hold events, before
// it refuses to append with [ErrHeld]: four times those of the retention, and at least
// 1,000 events and four of the largest events more, so that a burst into a small log does
// not meet the limit before the next checkpoint.
func (r Retention) Hard() (events, bytes int64) {
	r = r.WithDefaults()
	return max(times(r.MaxEvents), r.MaxEvents+1000), max(times(r.MaxBytes), r.MaxBytes+times(int64(r.MaxEvent)))
}

// times returns four times a bound.
func times(bound int64) int64 {
	const factor = 4
	if bound > math.MaxInt64/factor {
		return math.MaxInt64
	}
	return bound * factor
}

// The errors of values, to be compared with [errors.Is].
var (
	// ErrNoValue: there is no value of the name. It is returned only when that is
	// proved, never while the log is out of reach or from a node that lags.
	ErrNoValue = fault.New(fault.NotFound, "there is no value of that name")
	// ErrPosition: the position of a value is zero or not one of its log, or comes
	// before that of the value it would replace. Nothing was stored.
	ErrPosition = fault.New(fault.Invalid, "a value's position must be one of its log, and cannot go back")
	// ErrHeld is an [ErrFull]: the log has grown to the hard limit of its retention ([Retention.Hard])
	// since values, such as checkpoints, hold its events and are not replaced.
	ErrHeld = fmt.Errorf("%w: its events wait for checkpoints, which are behind", ErrFull)
)

// A Value is a named value that is stored beside the events, for example the
// checkpoint of a state. Retention never removes it.
type Value struct {
	Name     string   // dot-separated tokens as a topic's, at most [MaxValueName] bytes
	Position event.ID // the events that the value includes: all up to it
	Data     []byte   // at most [MaxValue] bytes

	// Holds keeps the events after Position in the log until the value is deleted,
	// or replaced by one with a later position or without Holds.
	Holds bool
}

// Values are the named values of a log. They are as durable as its events, take no
// numbers, and no Read or Tail returns them.
type Values interface {
	// Put stores a value and returns when it is durable, provided that the position
	// of the value stored under the name is prev: zero if there is to be none. Else
	// it returns [ErrConflict], and nothing was stored. The position may stay the
	// same (then the later of two such puts is what is left) but not go back, unless
	// prev is not proved by the log ([State.Proves]), which has lost events then.
	// After an [ErrUnavailable] the value may be stored or not: a Get shows which. For
	// a value that begins to hold events of which some have left already it returns
	// [ErrGap]: the value is not stored, or holds nothing if they left just then. It
	// also returns [ErrTooLarge], [ErrFull], [ErrPosition] and the errors of
	// [CheckValue].
	Put(ctx context.Context, v Value, prev event.ID) error

	// Get returns the newest value of the name, or [ErrNoValue]. Its data are the
	// caller's to keep. In a cluster, during a change of the leader, the value may
	// be one that was replaced a moment ago.
	Get(ctx context.Context, name string) (Value, error)

	// Names returns the names that begin with the prefix, in the order of their
	// bytes: all names for an empty prefix. It is meant for 100,000 of them.
	Names(ctx context.Context, prefix string) ([]string, error)

	// Delete removes the value of the name, provided that its position is prev, else
	// it returns [ErrConflict]. If there is none it does nothing and returns nil.
	Delete(ctx context.Context, name string, prev event.ID) error
}

// CheckValue is the first step of every log's Put: it returns an error if no log
// could store the value, [ErrTooLarge] and [ErrPosition] among them.
func CheckValue(v Value) error {
	if err := CheckValueName(v.Name); err != nil {
		return err
	}
	if len(v.Data) > MaxValue {
		return fmt.Errorf("%w: a value has at most %d bytes", ErrTooLarge, MaxValue)
	}
	if v.Position.IsZero() {
		return ErrPosition
	}
	return nil
}

// CheckValueName reports whether s can name a value. The error is an
// [*event.NameError].
func CheckValueName(s string) error {
	if len(s) > MaxValueName {
		return &event.NameError{Kind: "value name", Name: s, Reason: fmt.Sprintf("is longer than %d bytes", MaxValueName)}
	}
	for token := range strings.SplitSeq(s, ".") {
		if token == "" || strings.Trim(token, tokenBytes) != "" {
			return &event.NameError{Kind: "value name", Name: s, Reason: "is not made of dot-separated tokens of A-Z, a-z, 0-9, _ and -"}
		}
	}
	return nil
}

const tokenBytes = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"

// Includes returns up to which number a value includes the events of the log that
// the state is of: that of its position, or 0 if the log does not prove the
// position, or ends before it. A value of number 0 holds all events.
func (s State) Includes(v Value) uint64 {
	if seq := v.Position.Seq(); s.Proves(v.Position) && seq <= s.Last {
		return seq
	}
	return 0
}

// CheckMove reports whether a value may take the place of one with the position
// prev, which is zero if there is none. The error is [ErrPosition].
func (s State) CheckMove(v Value, prev event.ID) error {
	behind := v.Position.Seq() < prev.Seq() && s.Proves(prev) && prev.Seq() <= s.Last
	if behind || !s.Proves(v.Position) || v.Position.Seq() > s.Last {
		return ErrPosition
	}
	return nil
}
