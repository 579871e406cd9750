package live

import (
	"errors"
	"flag"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
)

// retain are the values of the flags that bound the log. Zero stands for the
// default of [eventlog.Retention].
type retain struct {
	events eventCount
	bytes  byteCount
	age    age
}

func (r retain) retention() eventlog.Retention {
	return eventlog.Retention{MaxEvents: int64(r.events), MaxBytes: int64(r.bytes), MaxAge: time.Duration(r.age)}
}

// retainVariables are the environment variables of the flags.
var retainVariables = map[string]string{
	"retain-events": "SEAWAY_RETAIN_EVENTS",
	"retain-bytes":  "SEAWAY_RETAIN_BYTES",
	"retain-age":    "SEAWAY_RETAIN_AGE",
}

func (r *retain) define(set *flag.FlagSet) {
	set.Var(&r.events, "retain-events", "how many `events` the log keeps; the oldest leave, and states do not depend on them (SEAWAY_RETAIN_EVENTS; default 1000000)")
	set.Var(&r.bytes, "retain-bytes", "how many `bytes` of events it keeps, as 500000, 64MiB or 1GB (SEAWAY_RETAIN_BYTES; default 1GiB, in a directory at most a tenth of the disk)")
	set.Var(&r.age, "retain-age", "how long it keeps an event: a `duration` as 12h, 7d or 1d12h, at least 1s (SEAWAY_RETAIN_AGE; default 7d)")
}

// fromEnvironment sets those flags that were not given.
func (r *retain) fromEnvironment(set *flag.FlagSet, getenv func(string) string) error {
	given := map[string]bool{}
	set.Visit(func(f *flag.Flag) { given[f.Name] = true })
	for name, variable := range retainVariables {
		value := getenv(variable)
		if value == "" || given[name] {
			continue
		}
		if err := set.Lookup(name).Value.Set(value); err != nil {
			return fmt.Errorf("invalid value %q for %s: %w", value, variable, err)
		}
	}
	return nil
}

// An eventCount is a flag's number of events.
type eventCount int64

var errEventCount = errors.New("a number of events, at least 1")

// String implements [flag.Value]. The usage states the defaults.
func (*eventCount) String() string { return "" }

// Set implements [flag.Value].
func (c *eventCount) Set(s string) error {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1 {
		return errEventCount
	}
	*c = eventCount(n)
	return nil
}

// A byteCount is a flag's number of bytes.
type byteCount int64

var errByteCount = errors.New("a whole number of bytes, at least 1, alone or with B, KB, MB, GB, TB, KiB, MiB, GiB or TiB")

var byteUnits = map[string]int64{
	"": 1, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40,
}

// String implements [flag.Value].
func (*byteCount) String() string { return "" }

// Set implements [flag.Value].
func (c *byteCount) Set(s string) error {
	number := strings.TrimRight(s, "kmgtibKMGTIB")
	unit, known := byteUnits[strings.ToLower(s[len(number):])]
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || !known || n < 1 || n > math.MaxInt64/unit {
		return errByteCount
	}
	*c = byteCount(n * unit)
	return nil
}

// An age is a flag's duration, which may have days.
type age time.Duration

// minAge: a second is the unit in which the log looks at what is too old.
const minAge = time.Second

var errAge = errors.New("a duration, at least 1s, as 90m, 12h, 7d or 1d12h")

// String implements [flag.Value].
func (*age) String() string { return "" }

// Set implements [flag.Value].
func (a *age) Set(s string) error {
	const day = 24 * time.Hour
	number, rest, hasDays := strings.Cut(s, "d")
	if !hasDays {
		number, rest = "0", s
	}
	days, err := strconv.ParseUint(number, 10, 32)
	if err != nil || days > uint64(math.MaxInt64/day) {
		return errAge
	}
	var d time.Duration
	if rest != "" {
		d, err = time.ParseDuration(rest)
	}
	sum := time.Duration(days)*day + d
	if err != nil || d < 0 || sum < minAge {
		return errAge // also if the sum has overflowed
	}
	*a = age(sum)
	return nil
}
