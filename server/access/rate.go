package access

import (
	"maps"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// A Rate is how often something may be done: PerSecond in the long run, and Burst at once.
// The zero Rate stands for a default.
type Rate struct {
	PerSecond float64
	Burst     int
}

// A Limiter bounds how often each key may do something, by a token bucket for each. A nil
// Limiter has no limit. Its methods are safe for concurrent use, and take time as it is in
// synctest bubbles.
type Limiter struct {
	rate Rate

	mu      sync.Mutex
	buckets map[string]*rate.Limiter
	sweepAt int // with so many buckets those that are full are dropped
}

// minSweep is the least number of buckets with which a sweep is worth its time.
const minSweep = 1024

// NewLimiter returns a Limiter of a rate, which must not be zero.
func NewLimiter(r Rate) *Limiter {
	return &Limiter{rate: r, buckets: map[string]*rate.Limiter{}, sweepAt: minSweep}
}

// Allow reports whether the key may do it n times now, and if so takes n tokens. More than
// the burst is never allowed.
func (l *Limiter) Allow(key string, n int) bool {
	if l == nil {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	return l.bucket(key, now).AllowN(now, n)
}

// Take takes n tokens of the key, also if there are fewer: it is for what is known only
// when it has been done. Until they have come in again, Allow reports false.
func (l *Limiter) Take(key string, n int) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	for b := l.bucket(key, now); n > 0; n -= l.rate.Burst {
		b.ReserveN(now, min(n, l.rate.Burst))
	}
}

// bucket returns that of a key. The caller holds l.mu.
func (l *Limiter) bucket(key string, now time.Time) *rate.Limiter {
	b := l.buckets[key]
	if b == nil {
		if len(l.buckets) >= l.sweepAt {
			l.sweep(now)
		}
		b = rate.NewLimiter(rate.Limit(l.rate.PerSecond), l.rate.Burst)
		l.buckets[key] = b
	}
	return b
}

// sweep drops the buckets that are full: one that is made anew is full as well. So there
// are as many as keys have done something of late.
func (l *Limiter) sweep(now time.Time) {
	maps.DeleteFunc(l.buckets, func(_ string, b *rate.Limiter) bool { return b.TokensAt(now) >= float64(l.rate.Burst) })
	l.sweepAt = max(minSweep, 2*len(l.buckets))
}
