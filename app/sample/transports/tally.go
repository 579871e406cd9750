package transports

import (
	"slices"
	"time"

	contract "github.com/seawaykit/seaway/shared/sample/transports"
)

const (
	// kept is how many delays there are to take a median of: two minutes' worth.
	kept = 512
	// Bars is how many bars the chart of the newest arrivals has, of BarTime each.
	Bars    = 40
	BarTime = 250 * time.Millisecond
)

// A tally is what the page itself knows of one lane. It has no clock of its own.
type tally struct {
	messages, missed, caughtUp int

	from string // whose pulse came last, and which
	n    int

	late  []time.Duration // of the newest, by the page's clock less the server's
	next  int             // where the next goes
	worst time.Duration   // likewise, of all

	live       bool
	since      time.Time // by the server's clock
	lives      int       // how often it has become live
	dropped    time.Time // by the page's clock; zero unless a drop is to be recovered from
	back       time.Duration
	reconnects int

	bars   [Bars]int // a ring, by number
	newest int       // the number of the newest bar
}

// became takes the lane's state. server is the server's time.
func (t *tally) became(live bool, now, server time.Time) {
	if live && !t.live {
		t.since = server
		if t.lives++; t.lives > 1 {
			t.reconnects++
		}
		if !t.dropped.IsZero() {
			t.back, t.dropped = now.Sub(t.dropped), time.Time{}
		}
	}
	t.live = live
}

// restart forgets where the lane was: it is opened anew, on purpose.
func (t *tally) restart() {
	t.live, t.lives, t.from, t.n = false, 0, "", 0
	t.dropped = time.Time{}
}

// drop notes that the lane is about to be cut.
func (t *tally) drop(now time.Time) { t.dropped, t.back = now, 0 }

// heard takes a pulse that came now, by the page's clock.
func (t *tally) heard(p contract.Pulse, now time.Time) {
	t.messages++
	if p.From == t.from && p.N > t.n+1 {
		t.missed += p.N - t.n - 1
	}
	t.from, t.n = p.From, p.N
	t.roll(now)
	t.bars[t.newest%Bars]++
	if p.At.Before(t.since) {
		t.caughtUp++
		return
	}
	late := now.Sub(p.At)
	if len(t.late) == 0 || late > t.worst {
		t.worst = late
	}
	if len(t.late) < kept {
		t.late = append(t.late, late)
		return
	}
	t.late[t.next] = late
	t.next = (t.next + 1) % kept
}

// roll makes room for the bar of now.
func (t *tally) roll(now time.Time) {
	number := int(now.UnixNano() / int64(BarTime))
	if number >= t.newest+Bars {
		t.bars, t.newest = [Bars]int{}, number
	}
	for t.newest < number {
		t.newest++
		t.bars[t.newest%Bars] = 0
	}
}

// chart returns the bars, the oldest first.
func (t *tally) chart(now time.Time) (bars [Bars]int) {
	t.roll(now)
	for i := range bars {
		bars[i] = t.bars[(t.newest+1+i)%Bars]
	}
	return bars
}

// delays returns the median and the worst delay, once there is one.
func (t *tally) delays(offset time.Duration) (median, worst time.Duration, ok bool) {
	if len(t.late) == 0 {
		return 0, 0, false
	}
	// What the clocks' reading is off by may put an arrival before its cause.
	return max(0, Median(t.late)+offset), max(0, t.worst+offset), true
}

// Median returns the middle of the durations, or the mean of the two in the
// middle; 0 if there are none.
func Median(all []time.Duration) time.Duration {
	n := len(all)
	if n == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
