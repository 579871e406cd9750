package source_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// A thousand packets are seven redraws or eight, and the last of them is drawn
// within a frame of the screen.
func TestBurstIsOneBatchAFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPage(source.Options{Pace: 16 * time.Millisecond})
		var shown []uint64 // the newest event at each batch
		var at1000, last time.Time
		seen := uint64(0)
		p.onNote = func(n uint64) {
			if n != seen+1 {
				t.Errorf("event %d came after %d", n, seen)
			}
			seen = n
			at1000 = time.Now()
		}
		p.OnBatch(func() { shown, last = append(shown, seen), time.Now() })
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
		conn := p.live(wire.Live, at(0))
		for n := range uint64(1000) {
			<-time.After(100 * time.Microsecond)
			conn.Send(notes(n+1, n+1)...)
		}
		<-time.After(time.Second)
		synctest.Wait()
		if n := len(shown); n < 2 || n > 8 || shown[0] != 1 || shown[n-1] != 1000 {
			t.Errorf("the batches ended with events %v", shown)
		}
		if d := last.Sub(at1000); d > 16*time.Millisecond {
			t.Errorf("the last batch came %v after the last event", d)
		}
		p.Close()
		<-p.Done()
	})
}

func TestPace(t *testing.T) {
	for _, c := range []struct {
		name string
		pace time.Duration
		want []time.Duration // when the batches come
	}{
		{"16 ms by default", 0, []time.Duration{0, 16 * time.Millisecond}},
		{"as set", 50 * time.Millisecond, []time.Duration{0, 50 * time.Millisecond}},
		{"none", -1, []time.Duration{0, 10 * time.Millisecond}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				opts := source.Options{Pace: c.pace}
				p := newPage(opts)
				if c.pace == 0 { // newPage has a default of its own
					p.Source = source.New(source.Options{Topics: []string{"notes"}, Transport: p.server, Environment: p.browser})
					source.On(p.Source, noted, func(event.Of[note]) {})
				}
				var begun time.Time
				var batches []time.Duration
				p.OnBatch(func() { batches = append(batches, time.Since(begun)) })
				if err := p.Start(); err != nil {
					t.Fatal(err)
				}
				conn := p.live(wire.Live, at(0))
				begun = time.Now()
				conn.Send(notes(1, 1)...)
				<-time.After(10 * time.Millisecond)
				conn.Send(notes(2, 2)...)
				<-time.After(time.Minute)
				synctest.Wait()
				if !slices.Equal(batches, c.want) {
					t.Errorf("batches at %v, want %v", batches, c.want)
				}
				p.Close()
				<-p.Done()
			})
		})
	}
}

// The clock that paces is the steady one: a wall clock that jumps neither holds
// a batch back nor brings two at once.
func TestPaceOutlivesTheConnection(t *testing.T) {
	inBubble(t, source.Options{Pace: 100 * time.Millisecond}, func(t *testing.T, p *page) {
		conn := p.live(wire.Live, at(0))
		p.read()
		conn.Send(notes(1, 1)...)
		synctest.Wait()
		conn.Send(notes(2, 2)...)
		conn.Break()
		p.expect(t, "1", "batch", "2", "waiting")
		<-time.After(100 * time.Millisecond)
		p.expect(t, "batch")
	})
}
