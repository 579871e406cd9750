package page

import (
	"slices"
	"time"

	"github.com/seawaykit/seaway/shared/sample/vitals"
)

// nodeTimeout is how long a node may send nothing before the window follows
// another.
const nodeTimeout = 10 * time.Second

// A window holds one node's samples of the last [vitals.Window], the newest last.
// On a cluster all nodes publish theirs on one topic, and a line through several
// would zigzag. The node is the first sample's, until nodeTimeout.
type window []vitals.Sample

// add returns the window with one more sample, and leaves the old one as it is,
// since a component may hold it. Samples that are not older than the new one are
// removed: they have come twice, or the clock was set back.
func (w window) add(s vitals.Sample) window {
	if last := w.newest(); len(w) > 0 && s.Node != last.Node {
		if s.At.Sub(last.At) <= nodeTimeout {
			return w
		}
		w = nil
	}
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
