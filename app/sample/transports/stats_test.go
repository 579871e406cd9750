package transports

import (
	"testing"
	"time"

	contract "github.com/seawaykit/seaway/shared/sample/transports"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

func at(d time.Duration) time.Time { return noon.Add(d) }

func message(from string, n int, made time.Duration) contract.Message {
	return contract.Message{From: from, N: n, At: at(made)}
}

func expect[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestDelaysAreOfMessagesWhileTheTransportWasLive(t *testing.T) {
	var l stats
	_, _, ok := l.delays(0)
	expect(t, "delays of nothing", ok, false)
	l.setLive(true, at(0), at(0))
	for i, late := range []time.Duration{30, 10, 20} {
		made := time.Duration(i+1) * time.Second
		l.received(message("a", i+1, made), at(made+late*time.Millisecond))
	}
	l.setLive(false, at(5*time.Second), at(5*time.Second))
	l.setLive(true, at(10*time.Second), at(10*time.Second))
	l.received(message("a", 4, 6*time.Second), at(10*time.Second)) // 4 s late, since there was no connection
	median, worst, ok := l.delays(0)
	expect(t, "there are delays", ok, true)
	expect(t, "median", median, 20*time.Millisecond)
	expect(t, "worst", worst, 30*time.Millisecond)
	expect(t, "messages", l.messages, 4)
	expect(t, "caught up", l.caughtUp, 1)
	// The server's clock is ahead: what looked 20 ms late was 25.
	median, worst, _ = l.delays(5 * time.Millisecond)
	expect(t, "median by the server's clock", median, 25*time.Millisecond)
	expect(t, "worst by the server's clock", worst, 35*time.Millisecond)
	median, _, _ = l.delays(-time.Second)
	expect(t, "a delay that a wrong reading makes negative", median, 0)
}

// Delays are measured by clocks that may be hours apart.
func TestWorstDelayMayLookNegative(t *testing.T) {
	var l stats
	l.setLive(true, at(0), at(time.Hour))
	for i, late := range []time.Duration{3, 9, 5} {
		l.received(message("a", i+1, time.Hour+time.Second), at(time.Second+late*time.Millisecond))
	}
	_, worst, _ := l.delays(time.Hour)
	expect(t, "worst", worst, 9*time.Millisecond)
}

func TestMedianIsOfTheNewest(t *testing.T) {
	var l stats
	l.setLive(true, at(0), at(0))
	for n := range 2 * maxDelays {
		late := time.Second
		if n >= maxDelays {
			late = time.Millisecond
		}
		l.received(message("a", n+1, time.Second), at(time.Second+late))
	}
	median, worst, _ := l.delays(0)
	expect(t, "median", median, time.Millisecond)
	expect(t, "worst", worst, time.Second)
	expect(t, "kept", len(l.recent), maxDelays)
}

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		all  []time.Duration
		want time.Duration
	}{{nil, 0}, {[]time.Duration{5}, 5}, {[]time.Duration{9, 1, 5}, 5}, {[]time.Duration{8, 2, 4, 100}, 6}} {
		expect(t, "median", Median(c.all), c.want)
	}
}

// A gap in the numbers of one run of the server is a loss; another run begins with
// 1 again, and a transport that was closed on purpose may go on anywhere.
func TestGapsAreMisses(t *testing.T) {
	var l stats
	l.setLive(true, at(0), at(0))
	for _, p := range []contract.Message{message("a", 7, 1), message("a", 8, 1), message("a", 11, 1), message("b", 1, 1), message("b", 2, 1)} {
		l.received(p, at(1))
	}
	expect(t, "missed", l.missed, 2)
	l.restart()
	l.setLive(true, at(0), at(0))
	l.received(message("b", 50, 1), at(1))
	expect(t, "missed over a rest", l.missed, 2)
	expect(t, "reconnects over a rest", l.reconnects, 0)
}

func TestReconnectsAndTheTimeTheyTake(t *testing.T) {
	var l stats
	l.setLive(false, at(0), at(0))
	l.setLive(true, at(1), at(1))
	l.setLive(true, at(2), at(2)) // another state, and still live
	expect(t, "reconnects of the first", l.reconnects, 0)
	l.drop(at(10 * time.Second))
	l.setLive(false, at(11*time.Second), at(0))
	expect(t, "back", l.recovery, 0)
	l.setLive(true, at(13*time.Second), at(0))
	expect(t, "back", l.recovery, 3*time.Second)
	l.setLive(false, at(20*time.Second), at(0)) // not by a drop
	l.setLive(true, at(29*time.Second), at(0))
	expect(t, "back, still", l.recovery, 3*time.Second)
	expect(t, "reconnects", l.reconnects, 2)
	l.drop(at(30 * time.Second))
	expect(t, "back, of the next drop", l.recovery, 0)
}

func TestBarsMoveOn(t *testing.T) {
	var l stats
	l.setLive(true, at(0), at(0))
	for _, d := range []time.Duration{0, 10, 240, 250, 5000} {
		l.received(message("a", 1, 0), at(d*time.Millisecond))
	}
	bars := l.chart(at(9750 * time.Millisecond))
	expect(t, "the oldest", bars[0], 3)
	expect(t, "the next", bars[1], 1)
	expect(t, "halfway", bars[20], 1)
	expect(t, "the newest", bars[Bars-1], 0)
	bars = l.chart(at(10 * time.Second))
	expect(t, "the oldest, a bar later", bars[0], 1)
	expect(t, "the newest, where the oldest was", bars[Bars-1], 0)
	if bars := l.chart(at(time.Hour)); bars != [Bars]int{} {
		t.Errorf("after an hour: %v", bars)
	}
}

func TestClockTakesTheQuickestReading(t *testing.T) {
	var c clock
	read := func(sent, took, ahead time.Duration) {
		// The server writes its time a quarter into the round trip.
		c.read(at(sent), at(sent+took), at(sent+took/4+ahead))
	}
	read(0, 400*time.Millisecond, time.Hour)
	expect(t, "known", c.known, true)
	expect(t, "within", c.uncertainty, 200*time.Millisecond)
	read(time.Second, 8*time.Millisecond, time.Hour)
	expect(t, "offset", c.offset, time.Hour-2*time.Millisecond)
	read(2*time.Second, 100*time.Millisecond, time.Hour)
	expect(t, "offset after a slow one", c.offset, time.Hour-2*time.Millisecond)
	expect(t, "it grows old", c.uncertainty, 4*time.Millisecond+driftPerReading)
	for range 100 {
		read(3*time.Second, time.Second, time.Hour)
	}
	read(4*time.Second, 10*time.Millisecond, 2*time.Hour) // no better, but fresh
	expect(t, "offset of a fresh one", c.offset, 2*time.Hour-2500*time.Microsecond)
	read(5*time.Second, -time.Second, 0) // the page's clock was set back
	expect(t, "offset, still", c.offset, 2*time.Hour-2500*time.Microsecond)
}
