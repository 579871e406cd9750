package page

import (
	"slices"

	"github.com/seawaykit/seaway/shared/vitals"
)

// A window holds the samples of the last [vitals.Window], the newest last.
type window []vitals.Sample

// add returns the window with one more sample, and leaves the old one as it is:
// whoever draws may hold it. Samples that are not before the new one were told
// already, or by a clock that has been set back since.
func (w window) add(s vitals.Sample) window {
	for len(w) > 0 && !w[len(w)-1].At.Before(s.At) {
		w = w[:len(w)-1]
	}
	for len(w) > 0 && s.At.Sub(w[0].At) > vitals.Window {
		w = w[1:]
	}
	return append(slices.Clip(w), s)
}

// points returns one value of each sample.
func (w window) points(value func(vitals.Sample) float64) []point {
	points := make([]point, len(w))
	for i, s := range w {
		points[i] = point{s.At, value(s)}
	}
	return points
}

// newest returns the last sample, a zero one if there is none.
func (w window) newest() vitals.Sample {
	if len(w) == 0 {
		return vitals.Sample{}
	}
	return w[len(w)-1]
}
