package reactor

import (
	"math/rand/v2"
	"testing"
	"time"
)

func TestTimerWheelReportsEachConnectionInTimeAndOnce(t *testing.T) {
	const horizon = (wheelSlots - 2) * 10 * time.Millisecond
	rnd := rand.New(rand.NewPCG(1, 2))
	w := timerWheel{tick: 10 * time.Millisecond}
	due, placed := map[*Conn]time.Duration{}, map[*Conn]time.Duration{}
	var now time.Duration
	put := func(c *Conn, at time.Duration) {
		w.schedule(c, at)
		due[c], placed[c] = at, now
	}
	expire := func(c *Conn) {
		at, ok := due[c]
		switch {
		case !ok:
			t.Fatal("reported twice, or after it was removed")
		case at < now+w.tick:
			delete(due, c)
		case at-placed[c] < horizon:
			t.Fatalf("due at %v and reported at %v", at, now)
		default: // it was beyond the wheel's round
			put(c, at)
		}
	}
	for step := range 3000 {
		c := &Conn{}
		put(c, now+time.Duration(rnd.IntN(4_000))*time.Millisecond)
		if step%3 == 0 { // some change their minds
			put(c, now+time.Duration(rnd.IntN(2_000))*time.Millisecond)
		}
		if step%7 == 0 {
			w.remove(c)
			w.remove(c) // again, for nothing
			delete(due, c)
		}
		now += time.Duration(rnd.IntN(25)) * time.Millisecond
		w.advance(now, expire)
		for _, at := range due {
			if at <= now-w.tick {
				t.Fatalf("due at %v and not reported at %v", at, now)
			}
		}
		if w.count != len(due) {
			t.Fatalf("it counts %d connections and holds %d", w.count, len(due))
		}
	}
}

func TestTimerWheelThatStoodStillReportsAllThatIsDue(t *testing.T) {
	w := timerWheel{tick: time.Second}
	expired := 0
	for i := range 1000 {
		w.schedule(&Conn{}, time.Duration(i)*time.Second)
	}
	w.advance(time.Hour, func(*Conn) { expired++ })
	if expired != 1000 || w.count != 0 {
		t.Errorf("%d visited and %d left, of 1000", expired, w.count)
	}
}
