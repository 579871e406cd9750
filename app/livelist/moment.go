package livelist

import (
	"strconv"
	"time"
)

// Relative is for how long after it a time is told as minutes ago.
const Relative = time.Hour

// A Moment is what the reader's clock says, to the minute, for rows to tell times
// by. The zero Moment is that of a page on which no script runs yet: whose clock
// it is and in which zone is not known.
type Moment struct {
	minute int64 // since 1970, UTC; 0 if only the zone is known
	known  bool
}

// MomentOf returns the Moment of a time.
func MomentOf(t time.Time) Moment { return Moment{minute: t.Unix() / 60, known: true} }

// Words tells a time: "now" and "2 min" for [Relative], then the time of day in
// the reader's zone, with the date if that is another day's. Before the reader's
// clock is known it is the time of day in UTC, and says so. A time ahead of the
// reader's clock is "now": one of the two clocks is wrong.
func (m Moment) Words(at time.Time) string {
	panic("TODO")
}

var _ = strconv.Itoa
