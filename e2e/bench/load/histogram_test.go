package load

import (
	"testing"
	"time"
)

func TestQuantilesAreWithinABucket(t *testing.T) {
	var h Histogram
	for i := range 10_000 {
		h.Record(time.Duration(i) * time.Microsecond)
	}
	for _, q := range []float64{0, 0.01, 0.5, 0.99, 1} {
		want := time.Duration(q*10_000) * time.Microsecond
		got := h.Quantile(q)
		if got < want-time.Microsecond || got > want+want/100+time.Microsecond {
			t.Errorf("quantile %v is %v, want %v", q, got, want)
		}
	}
	if h.Max() != 9999*time.Microsecond || h.Count() != 10_000 {
		t.Errorf("max %v of %d", h.Max(), h.Count())
	}
}

func TestBucketsCoverEveryDuration(t *testing.T) {
	for _, d := range []time.Duration{0, 1, 127, 128, 129, 255, 256, time.Second, 1<<63 - 1} {
		if i := bucket(uint64(d)); upper(i) < d || (i > 0 && upper(i-1) >= d) {
			t.Errorf("%d falls into bucket %d, which ends at %d", d, i, upper(i))
		}
	}
}
