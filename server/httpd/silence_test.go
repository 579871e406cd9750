package httpd

import (
	"testing"
	"time"
)

func TestSilenceLastsWhileSomethingWaitsUnacknowledged(t *testing.T) {
	const limit = 30 * time.Second
	at := func(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
	for _, tc := range []struct {
		name string
		is   func(now time.Duration) state
		ends time.Duration // 0: never
	}{
		{"an idle client", func(time.Duration) state { return state{acked: at(1)} }, 0},
		{"a client that acknowledges all", func(now time.Duration) state { return state{acked: now} }, 0},
		{"a client that is always behind, and acknowledges something", func(now time.Duration) state {
			return state{waits: true, acked: now.Truncate(at(25))}
		}, 0},
		{"a client that has vanished", func(now time.Duration) state { return state{waits: now > at(100), acked: at(85)} }, at(130)},
		{"a client that comes back", func(now time.Duration) state {
			if now > at(125) {
				return state{waits: true, acked: now}
			}
			return state{waits: now > at(100), acked: at(85)}
		}, 0},
		{"a client to which the first words after a long time are just on their way", func(now time.Duration) state {
			return state{waits: now == at(200), acked: at(1)}
		}, 0},
	} {
		var s silence
		var ended time.Duration
		for now := at(4); now < at(300) && ended == 0; now += at(4) {
			if s.hear(now, now-at(4), limit, tc.is(now)) {
				ended = now
			}
		}
		if late := ended - tc.ends; tc.ends == 0 && ended > 0 || tc.ends > 0 && (ended == 0 || late < 0 || late > at(4)) {
			t.Errorf("%s is given up at %v, want %v", tc.name, ended, tc.ends)
		}
	}
}
