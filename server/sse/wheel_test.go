package sse

import (
	"math/rand/v2"
	"testing"
	"time"
)

func TestWheelVisitsEachStreamInTimeAndOnce(t *testing.T) {
	const horizon = (rimSize - 2) * 10 * time.Millisecond
	rnd := rand.New(rand.NewPCG(1, 2))
	w := wheel{tick: 10 * time.Millisecond}
	due, placed := map[*stream]time.Duration{}, map[*stream]time.Duration{}
	var now time.Duration
	place := func(s *stream, at time.Duration) {
		w.place(s, at)
		due[s], placed[s] = at, now
	}
	visit := func(s *stream) {
		at, ok := due[s]
		switch {
		case !ok:
			t.Fatal("visited twice, or after it was dropped")
		case at < now+w.tick:
			delete(due, s)
		case at-placed[s] < horizon:
			t.Fatalf("due at %v and visited at %v", at, now)
		default: // it was beyond the wheel's round
			place(s, at)
		}
	}
	for step := range 3000 {
		s := &stream{}
		place(s, now+time.Duration(rnd.IntN(4_000))*time.Millisecond)
		if step%3 == 0 { // some change their minds
			place(s, now+time.Duration(rnd.IntN(2_000))*time.Millisecond)
		}
		if step%7 == 0 {
			w.drop(s)
			w.drop(s) // again, for nothing
			delete(due, s)
		}
		now += time.Duration(rnd.IntN(25)) * time.Millisecond
		w.turn(now, visit)
		for _, at := range due {
			if at <= now-w.tick {
				t.Fatalf("due at %v and not visited at %v", at, now)
			}
		}
		if w.count != len(due) {
			t.Fatalf("it counts %d streams and holds %d", w.count, len(due))
		}
	}
}

func TestWheelThatStoodStillVisitsAllThatIsDue(t *testing.T) {
	w := wheel{tick: time.Second}
	visited := 0
	for i := range 1000 {
		w.place(&stream{}, time.Duration(i)*time.Second)
	}
	w.turn(time.Hour, func(*stream) { visited++ })
	if visited != 1000 || w.count != 0 {
		t.Errorf("%d visited and %d left, of 1000", visited, w.count)
	}
}
