package access_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/server/access"
)

func TestLimiterHasABucketForEachKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := access.NewLimiter(access.Rate{PerSecond: 10, Burst: 3})
		take := func(key string, tries int) (allowed int) {
			for range tries {
				if l.Allow(key, 1) {
					allowed++
				}
			}
			return allowed
		}
		for _, c := range []struct {
			after time.Duration
			key   string
			want  int
		}{{0, "a", 3}, {0, "a", 0}, {0, "b", 3}, {100 * time.Millisecond, "a", 1}, {time.Hour, "a", 3}} {
			time.Sleep(c.after) // the bubble's
			if got := take(c.key, 10); got != c.want {
				t.Errorf("%v later %s may do it %d times, want %d", c.after, c.key, got, c.want)
			}
		}
		if l.Allow("c", 4) || !l.Allow("c", 3) {
			t.Error("more than the burst is taken, or less is not")
		}
		l.Take("d", 13) // 10 more than there are
		if l.Allow("d", 1) {
			t.Error("what was taken is there")
		}
		time.Sleep(time.Second + 50*time.Millisecond)
		if l.Allow("d", 1) {
			t.Error("a debt is paid before its time")
		}
		time.Sleep(50 * time.Millisecond)
		if !l.Allow("d", 1) {
			t.Error("a debt is not paid in time")
		}
		var none *access.Limiter
		none.Take("a", 1)
		if !none.Allow("a", 1_000_000) {
			t.Error("a nil Limiter has a limit")
		}
	})
}

// A client has as many addresses as it likes: they must not fill the memory, nor make
// another's bucket full.
func TestLimiterForgetsBucketsThatAreFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := access.NewLimiter(access.Rate{PerSecond: 1, Burst: 5})
		for range 100 {
			for i := range 1000 {
				l.Allow(fmt.Sprint(time.Now().UnixNano(), i), 1)
			}
			time.Sleep(time.Second) // the bubble's
		}
		if n := l.Buckets(); n > 3000 {
			t.Errorf("there are %d buckets", n)
		}
		l.Allow("busy", 5)
		for i := range 10_000 {
			l.Allow(fmt.Sprint(i), 1)
		}
		if l.Allow("busy", 1) {
			t.Error("a bucket that is empty was dropped")
		}
	})
}
