package source

import "time"

// tick is how often the clocks are looked at, at least, while something is due:
// a laptop's sleep is noticed so long after it has ended, even in a browser that
// tells of it by no event.
const tick = 5 * time.Second

// A moment is one on two clocks. The steady one is Go's monotonic clock, which
// in a browser is performance.now and may stand still while the laptop sleeps;
// the wall clock does not, but can be set back. Whichever says that a moment is
// past is believed.
type moment struct{ steady, wall time.Time }

func (l *loop) now() moment {
	return moment{steady: time.Now(), wall: l.opts.Environment.Now().Round(0)}
}

// in returns the moment that is so long from now.
func (l *loop) in(d time.Duration) moment {
	now := l.now()
	return moment{steady: now.steady.Add(d), wall: now.wall.Add(d)}
}

// isSet tells a moment from the zero moment, which never comes.
func (m moment) isSet() bool { return !m.steady.IsZero() }

// after returns how much later than now the moment is: less than nothing if it
// is past.
func (m moment) after(now moment) time.Duration {
	return min(m.steady.Sub(now.steady), m.wall.Sub(now.wall))
}

// past reports whether the moment has come.
func (m moment) past(now moment) bool { return m.isSet() && m.after(now) <= 0 }

// arm sets the timer to the next moment at which there may be something to do.
func (l *loop) arm() {
	now, next, any := l.now(), tick, false
	for _, m := range [...]moment{l.due, l.quiet, l.batch} {
		if m.isSet() {
			next, any = min(next, m.after(now)), true
		}
	}
	if any {
		l.timer.Reset(max(next, 0))
	} else {
		l.timer.Stop()
	}
}
