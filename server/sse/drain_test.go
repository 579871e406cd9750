package sse

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// A fakeStream records that it is sent a bye, and ends or does not.
type fakeStream struct {
	h           *Handler
	byeAt       time.Time
	cutAt       time.Time
	stuck, deaf bool // it does not leave; it does not even end when it is cut
	gone        bool
}

func (g *fakeStream) sendBye(string) {
	g.byeAt = time.Now()
	if !g.stuck {
		g.end()
	}
}

func (g *fakeStream) cut() {
	g.cutAt = time.Now()
	if !g.deaf && !g.gone {
		go g.end() // cut is called under the handler's lock
	}
}

func (g *fakeStream) end() {
	g.gone = true
	g.h.removeOpen(g)
	g.h.release(place{})
}

func newParty(t *testing.T, guests int) (*Handler, []*fakeStream) {
	h := newHandler(nil, nil, Options{})
	all := make([]*fakeStream, guests)
	for i := range all {
		if _, err := h.admit(place{}); err != nil {
			t.Fatal(err)
		}
		all[i] = &fakeStream{h: h}
		h.addOpen(all[i], &grant{})
	}
	return h, all
}

func TestByesAreSpreadOverMostOfTheGraceTime(t *testing.T) {
	for _, tc := range []struct {
		guests int
		over   time.Duration
	}{{1, 0}, {100, 200 * time.Millisecond}, {1000, 2 * time.Second}, {8000, 3 * time.Second}} {
		synctest.Test(t, func(t *testing.T) {
			h, all := newParty(t, tc.guests)
			begin := time.Now()
			ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
			defer cancel()
			if err := h.Shutdown(ctx); err != nil {
				t.Fatal(err)
			}
			const parts = 10
			var perPart [parts]int
			for _, g := range all {
				if part := int(g.byeAt.Sub(begin) * parts / max(tc.over, 1)); part < parts {
					perPart[part]++
				} else if tc.over > 0 {
					t.Fatalf("%d guests: a bye after %v", tc.guests, g.byeAt.Sub(begin))
				}
				if !g.cutAt.IsZero() {
					t.Fatal("a stream that leaves was cut")
				}
			}
			for part, n := range perPart {
				if want := tc.guests / parts; tc.guests > 1 && (n < want-1 || n > want+1) {
					t.Errorf("%d guests: %d byes in part %d of %v", tc.guests, n, part, tc.over)
				}
			}
		})
	}
}

func TestShutdownEndsWithinTheGraceTimeWhateverTheClientsDo(t *testing.T) {
	for _, tc := range []struct {
		name string
		deaf bool
		want error
		took time.Duration
	}{
		{"a stream that does not take its bye", false, nil, 3600 * time.Millisecond},
		{"a stream that cannot be ended", true, context.DeadlineExceeded, 4 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			h, all := newParty(t, 100)
			all[50].stuck, all[50].deaf = true, tc.deaf
			begin := time.Now()
			ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
			defer cancel()
			if err := h.Shutdown(ctx); !errors.Is(err, tc.want) || time.Since(begin) != tc.took {
				t.Errorf("%s: %v after %v, want %v after %v", tc.name, err, time.Since(begin), tc.want, tc.took)
			}
			if tc.deaf {
				all[50].end() // or its waiter would stay
			}
		})
	}
}

func TestShutdownWithoutADeadlineSendsByeAtOnceAndEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, all := newParty(t, 1000)
		all[0].stuck = true
		begin := time.Now()
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Minute, cancel)
		err := h.Shutdown(ctx)
		if took := time.Since(begin); err != nil || took != time.Minute {
			t.Errorf("%v after %v, want the stuck stream cut after a minute", err, took)
		}
		for _, g := range all {
			if !g.byeAt.Equal(begin) {
				t.Fatalf("a bye after %v", g.byeAt.Sub(begin))
			}
		}
	})
}

func TestLateStreamLeavesAtOnceAndNewOnesAreRefused(t *testing.T) {
	h := newHandler(nil, nil, Options{})
	if _, err := h.admit(place{}); err != nil { // it is still opening its cursor
		t.Fatal(err)
	}
	h.shut()
	late := &fakeStream{h: h, stuck: true}
	h.addOpen(late, &grant{})
	if late.byeAt.IsZero() {
		t.Error("it was sent no bye")
	}
	if _, err := h.admit(place{}); err == nil {
		t.Error("a new stream was admitted")
	}
}

func TestByesAskClientsToComeBackOverALongerTimeTheMoreThereAre(t *testing.T) {
	for _, tc := range []struct {
		guests int
		last   time.Duration // when the last of them may come back
	}{{1, 3 * time.Second}, {5000, 8 * time.Second}, {60_000, 33 * time.Second}} {
		h, _ := newParty(t, 0)
		for range tc.guests {
			h.open[&fakeStream{h: h}] = &grant{}
		}
		h.shut()
		var least, most time.Duration = time.Hour, 0
		for range 2000 {
			hint := h.retryHint() + h.jitter()
			least, most = min(least, hint), max(most, hint)
		}
		if least < time.Second || most > tc.last+time.Millisecond || most < tc.last*2/3 {
			t.Errorf("%d streams are asked to come back after %v to %v, want up to %v", tc.guests, least, most, tc.last)
		}
	}
}
