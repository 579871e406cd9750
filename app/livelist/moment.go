package livelist

import (
	"strconv"
	"time"
)

// Relative is for how long a time is told as minutes ago.
const Relative = time.Hour

// A Moment is what the reader's clock says, to the minute, for rows to tell times
// by. The zero Moment is that of a page on which no script runs yet: what time it
// is for its reader, and in which zone, is not known.
type Moment struct {
	minute int64 // since 1970
	day    bool  // minute is when the reader's day began: nothing is told as minutes ago
	known  bool
}

// MomentAt returns the Moment of a time.
func MomentAt(now time.Time) Moment { return Moment{minute: minutes(now), known: true} }

func minutes(t time.Time) int64 { return t.Unix() / 60 }

// today returns the Moment for rows that are no longer told as minutes ago: the
// same until midnight, so that they are not drawn anew.
func (m Moment) today() Moment {
	if !m.known {
		return m
	}
	now := time.Unix(m.minute*60, 0)
	year, month, day := now.Date()
	return Moment{minute: minutes(time.Date(year, month, day, 0, 0, 0, 0, now.Location())), day: true, known: true}
}

// isPast reports whether a time is no longer told as minutes ago.
func (m Moment) isPast(at time.Time) bool {
	return !m.known || m.day || m.minute-minutes(at) >= int64(Relative/time.Minute)
}

// Words tells a time: "now", then "2 min" for as long as [Relative], then the
// time of day in the reader's zone, with the date if that is not today. Before
// the reader's clock is known it is the time of day in UTC, and says so. A time
// ahead of the reader's clock is "now": one of two clocks is wrong.
func (m Moment) Words(at time.Time) string {
	if !m.known {
		return at.UTC().Format("15:04") + " UTC"
	}
	if !m.isPast(at) {
		if ago := m.minute - minutes(at); ago > 0 {
			return strconv.FormatInt(ago, 10) + " min"
		}
		return "now"
	}
	now, local := time.Unix(m.minute*60, 0), at.Local()
	switch {
	case local.Year() != now.Year():
		return local.Format("2 Jan 2006")
	case local.YearDay() != now.YearDay():
		return local.Format("2 Jan, 15:04")
	}
	return local.Format("15:04")
}
