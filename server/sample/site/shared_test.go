package site

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// slowly returns a shared counter of its own readings, each of which takes a
// second, and what is true of them.
func slowly() (s *shared[int64], begun, ended *atomic.Int64) {
	begun, ended = &atomic.Int64{}, &atomic.Int64{}
	s = &shared[int64]{read: func(ctx context.Context) (int64, error) {
		n := begun.Add(1)
		defer ended.Add(1)
		select {
		case <-time.After(time.Second):
			return n, nil
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}}
	return s, begun, ended
}

func TestSharedIsReadOnceForAllWhoAskMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, begun, _ := slowly()
		var all sync.WaitGroup
		get := func(want int64) {
			all.Go(func() {
				if got, err := s.get(t.Context()); got != want || err != nil {
					t.Errorf("got reading %d, %v, want %d", got, err, want)
				}
			})
		}
		get(1)
		synctest.Wait()
		for range 100 { // the first reading began before they asked
			get(2)
		}
		time.Sleep(1500 * time.Millisecond)
		synctest.Wait()
		get(3)
		all.Wait()
		if begun.Load() != 3 {
			t.Errorf("it was read %d times, want 3", begun.Load())
		}
	})
}

func TestSharedIsNotReadForThoseWhoHaveGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, begun, ended := slowly()
		ctx, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() {
				if _, err := s.get(ctx); !errors.Is(err, context.Canceled) {
					t.Errorf("got %v", err)
				}
			})
			synctest.Wait()
		}
		cancel()
		all.Wait()
		synctest.Wait()
		// Of the ten one may go first, and the reading for the others just begin.
		if n := begun.Load(); n > 2 || ended.Load() != n {
			t.Errorf("%d readings have begun and %d ended, want at most 2 that broke off", n, ended.Load())
		}
		begin := time.Now()
		if got, err := s.get(t.Context()); got != begun.Load() || err != nil || time.Since(begin) != time.Second {
			t.Errorf("the next is given reading %d, %v, after %v", got, err, time.Since(begin))
		}
	})
}

// One of several who wait may go.
func TestSharedGoesOnForThoseWhoStay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, _ := slowly()
		short, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		var all sync.WaitGroup
		for _, ctx := range []context.Context{t.Context(), short} {
			for _, want := range []int64{1, 2} {
				all.Go(func() {
					got, err := s.get(ctx)
					if ctx == short && err == nil || ctx != short && (err != nil || got != want) {
						t.Errorf("got %d, %v", got, err)
					}
				})
				synctest.Wait()
			}
		}
		all.Wait()
	})
}
