package source

import "time"

// A moment is one on two clocks. The steady one is Go's monotonic clock, which
// in a browser is performance.now and may stand still while the laptop sleeps;
// the wall clock does not, but can be set back. Whichever says that a moment is
// past is believed.
type moment struct{ steady, wall time.Time }

// isSet reports whether the moment is set: the zero moment never comes.
func (m moment) isSet() bool { return !m.steady.IsZero() }

// after returns how much later than now the moment is: less than nothing if it
// is past.
func (m moment) after(now moment) time.Duration {
	return min(m.steady.Sub(now.steady), m.wall.Sub(now.wall))
}

// past reports whether the moment has come.
func (m moment) past(now moment) bool { return m.isSet() && m.after(now) <= 0 }

// A clock is both clocks of a page.
type clock struct{ page Environment }

func (c clock) now() moment {
	return moment{steady: time.Now(), wall: c.page.Now().Round(0)}
}

// in returns the moment that is so long from now.
func (c clock) in(d time.Duration) moment {
	now := c.now()
	return moment{steady: now.steady.Add(d), wall: now.wall.Add(d)}
}
