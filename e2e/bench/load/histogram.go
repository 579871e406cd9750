package load

import (
	"math/bits"
	"time"
)

// A Histogram counts durations in buckets that are at most 1/128 wide, which is
// finer than any two runs agree. The zero value is empty.
type Histogram struct {
	buckets [64 << precision]uint64
	count   uint64
	max     time.Duration
}

const precision = 7 // bits

// Record counts one duration; a negative one as zero.
func (h *Histogram) Record(d time.Duration) {
	d = max(d, 0)
	h.buckets[bucket(uint64(d))]++
	h.count++
	h.max = max(h.max, d)
}

// Count returns how many have been recorded.
func (h *Histogram) Count() uint64 { return h.count }

// Max returns the longest.
func (h *Histogram) Max() time.Duration { return h.max }

// Quantile returns a duration that the fraction q of all do not exceed; 0 if
// there are none.
func (h *Histogram) Quantile(q float64) time.Duration {
	rank := uint64(q * float64(h.count))
	var seen uint64
	for i, n := range h.buckets {
		if seen += n; seen > rank {
			return min(upper(i), h.max)
		}
	}
	return h.max
}

// bucket is linear below 128 and has 128 steps for each power of two above.
func bucket(v uint64) int {
	if v < 1<<precision {
		return int(v)
	}
	shift := bits.Len64(v) - precision - 1
	return (shift+1)<<precision + int(v>>shift) - 1<<precision
}

// upper returns the largest value of a bucket.
func upper(i int) time.Duration {
	shift := i>>precision - 1
	if shift < 0 {
		return time.Duration(i)
	}
	return time.Duration((uint64(i&(1<<precision-1))+1<<precision+1)<<shift - 1)
}

// Add counts what another has counted.
func (h *Histogram) Add(other *Histogram) {
	for i, n := range other.buckets {
		h.buckets[i] += n
	}
	h.count += other.count
	h.max = max(h.max, other.max)
}
