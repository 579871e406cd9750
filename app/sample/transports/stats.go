package transports

import (
	"slices"
	"time"

	contract "github.com/seawaykit/seaway/shared/sample/transports"
)

const (
	// maxDelays is how many delays are kept for the median: two minutes' worth.
	maxDelays = 512
	// Bars is how many bars the chart of the newest arrivals has, of BarTime each.
	Bars    = 40
	BarTime = 250 * time.Millisecond
)

// stats are what the page itself knows of one transport. They have no clock of
// their own.
type stats struct {
	messages, missed, caughtUp int

	from string // the server and number of the last message
	n    int

	recent []time.Duration // the newest delays, by the page's clock less the server's
	next   int             // the index in recent for the next
	worst  time.Duration   // likewise, of all

	live       bool
	since      time.Time // by the server's clock
	connects   int       // how often the source became live
	dropped    time.Time // by the page's clock; zero if it has recovered
	recovery   time.Duration
	reconnects int

	bars      [Bars]int // a ring, by number
	newestBar int       // the number of the newest bar
}

// setLive takes the source's state. server is the server's time.
func (s *stats) setLive(live bool, now, server time.Time) {
	if live && !s.live {
		s.since = server
		if s.connects++; s.connects > 1 {
			s.reconnects++
		}
		if !s.dropped.IsZero() {
			s.recovery, s.dropped = now.Sub(s.dropped), time.Time{}
		}
	}
	s.live = live
}

// restart forgets the connection: it is opened again on purpose.
func (s *stats) restart() {
	s.live, s.connects, s.from, s.n = false, 0, "", 0
	s.dropped = time.Time{}
}

// drop records that the connection is about to be cut.
func (s *stats) drop(now time.Time) { s.dropped, s.recovery = now, 0 }

// received counts a message that came now, by the page's clock.
func (s *stats) received(p contract.Message, now time.Time) {
	s.messages++
	if p.From == s.from && p.N > s.n+1 {
		s.missed += p.N - s.n - 1
	}
	s.from, s.n = p.From, p.N
	s.advance(now)
	s.bars[s.newestBar%Bars]++
	if p.At.Before(s.since) {
		s.caughtUp++
		return
	}
	late := now.Sub(p.At)
	if len(s.recent) == 0 || late > s.worst {
		s.worst = late
	}
	if len(s.recent) < maxDelays {
		s.recent = append(s.recent, late)
		return
	}
	s.recent[s.next] = late
	s.next = (s.next + 1) % maxDelays
}

// advance adds empty bars up to now.
func (s *stats) advance(now time.Time) {
	number := int(now.UnixNano() / int64(BarTime))
	if number >= s.newestBar+Bars {
		s.bars, s.newestBar = [Bars]int{}, number
	}
	for s.newestBar < number {
		s.newestBar++
		s.bars[s.newestBar%Bars] = 0
	}
}

// chart returns the bars, the oldest first.
func (s *stats) chart(now time.Time) (bars [Bars]int) {
	s.advance(now)
	for i := range bars {
		bars[i] = s.bars[(s.newestBar+1+i)%Bars]
	}
	return bars
}

// delays returns the median and the worst delay, once there is one.
func (s *stats) delays(offset time.Duration) (median, worst time.Duration, ok bool) {
	if len(s.recent) == 0 {
		return 0, 0, false
	}
	// The error of the clock's reading may make a delay negative.
	return max(0, Median(s.recent)+offset), max(0, s.worst+offset), true
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
