package httpd

import (
	"testing"
	"time"
)

func TestUnackedTimerRunsWhileSomethingIsUnacknowledged(t *testing.T) {
	const limit = 30 * time.Second
	at := func(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
	for _, tc := range []struct {
		name string
		is   func(now time.Duration) tcpState
		ends time.Duration // 0: never
	}{
		{"an idle client", func(time.Duration) tcpState { return tcpState{acked: at(1)} }, 0},
		{"a client that acknowledges all", func(now time.Duration) tcpState { return tcpState{acked: now} }, 0},
		{"a client that is always behind, and acknowledges something", func(now time.Duration) tcpState {
			return tcpState{unacked: true, acked: now.Truncate(at(25))}
		}, 0},
		{"a client that has vanished", func(now time.Duration) tcpState { return tcpState{unacked: now > at(100), acked: at(85)} }, at(130)},
		{"a client that comes back", func(now time.Duration) tcpState {
			if now > at(125) {
				return tcpState{unacked: true, acked: now}
			}
			return tcpState{unacked: now > at(100), acked: at(85)}
		}, 0},
		{"a client to which the first words after a long time are just on their way", func(now time.Duration) tcpState {
			return tcpState{unacked: now == at(200), acked: at(1)}
		}, 0},
	} {
		var s unackedTimer
		var ended time.Duration
		for now := at(4); now < at(300) && ended == 0; now += at(4) {
			if s.observe(now, now-at(4), limit, tc.is(now)) {
				ended = now
			}
		}
		if late := ended - tc.ends; tc.ends == 0 && ended > 0 || tc.ends > 0 && (ended == 0 || late < 0 || late > at(4)) {
			t.Errorf("%s is given up at %v, want %v", tc.name, ended, tc.ends)
		}
	}
}
