package states

import (
	"slices"
	"time"
)

const (
	// arrivalStep lies between two times that are remembered.
	arrivalStep = time.Second
	// maxArrivals is how many are: with more the steps get longer.
	maxArrivals = 128
)

// arrivals remembers when events have come, in steps, for the age of those that are in no
// checkpoint.
type arrivals []arrival

// An arrival is the time from which on events came that begin with a number.
type arrival struct {
	from uint64
	at   time.Time
}

// note remembers when a batch came, by the number of its first event.
func (a *arrivals) note(from uint64, at time.Time) {
	if n := len(*a); n > 0 && at.Sub((*a)[n-1].at) < arrivalStep {
		return
	}
	if len(*a) == maxArrivals {
		i := 0
		*a = slices.DeleteFunc(*a, func(arrival) bool { i++; return i%2 == 0 })
	}
	*a = append(*a, arrival{from, at})
}

// after returns when the first event after a number came, at most a step too early.
func (a arrivals) after(seq uint64) (at time.Time, ok bool) {
	if i := a.of(seq); i >= 0 {
		return a[i].at, true
	}
	return at, false
}

// forget drops what is not needed for events after a number.
func (a *arrivals) forget(seq uint64) {
	if i := a.of(seq); i > 0 {
		*a = slices.Delete(*a, 0, i)
	}
}

// of returns the last arrival that is not behind the first event after a number, or the
// first one of all.
func (a arrivals) of(seq uint64) int {
	i, _ := slices.BinarySearchFunc(a, seq+2, func(b arrival, seq uint64) int {
		if b.from < seq {
			return -1
		}
		return 1
	})
	if i == 0 && len(a) > 0 {
		return 0
	}
	return i - 1
}
