package livelist

import (
	"cmp"
	"time"
)

// MaxRelative is the age up to which times are shown as minutes ago.
const MaxRelative = time.Hour

// A Moment is the user's current time, to the minute, from which rows format
// times. The zero Moment is for a page before its scripts run: the user's time and
// zone are not known yet.
type Moment struct {
	minute int64 // since 1970
	today  bool  // minute is the start of the user's day: no time is shown as minutes ago
	known  bool
	words  *Words // nil is English
}

// MomentAt returns the Moment of a time.
func MomentAt(now time.Time) Moment { return Moment{minute: minutes(now), known: true} }

// In returns the Moment for a page in the language of the words.
func (m Moment) In(w *Words) Moment {
	m.words = w
	return m
}

func minutes(t time.Time) int64 { return t.Unix() / 60 }

// startOfDay returns the Moment for rows older than MaxRelative. It is the same
// until midnight, so that they are not drawn again each minute.
func (m Moment) startOfDay() Moment {
	if !m.known {
		return m
	}
	now := time.Unix(m.minute*60, 0)
	year, month, day := now.Date()
	return Moment{minute: minutes(time.Date(year, month, day, 0, 0, 0, 0, now.Location())), today: true, known: true, words: m.words}
}

// isPast reports whether a time is too old to be shown as minutes ago.
func (m Moment) isPast(at time.Time) bool {
	return !m.known || m.today || m.minute-minutes(at) >= int64(MaxRelative/time.Minute)
}

// A precision is which parts of a time are shown.
type precision uint8

const (
	timeOfDay precision = iota
	dayAndTime
	fullDate
)

// Format formats a time for the user, in English unless m is [Moment.In] other words:
// "now", then "2 min" up to [MaxRelative], then the time of day in the user's zone and as
// the user's language writes it, with the date if it is not today. With the zero Moment
// it is the time of day in UTC, marked as such. A time in the
// future is "now", since one of the two clocks is wrong.
func (m Moment) Format(at time.Time) string {
	w := cmp.Or(m.words, &English)
	if !m.known {
		return at.UTC().Format("15:04") + w.UTC
	}
	if !m.isPast(at) {
		if ago := m.minute - minutes(at); ago > 0 {
			return w.Minutes(int(ago))
		}
		return w.Now
	}
	now, local := time.Unix(m.minute*60, 0), at.Local()
	switch {
	case local.Year() != now.Year():
		return fullDate.format(at)
	case local.YearDay() != now.YearDay():
		return dayAndTime.format(at)
	}
	return timeOfDay.format(at)
}
