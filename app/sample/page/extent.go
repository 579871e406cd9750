package page

import "math"

// An extent sums points up.
type extent struct{ now, least, mean, most float64 }

// extentOf returns NaN everywhere if there is nothing to sum up.
func extentOf(points []point) extent {
	if len(points) == 0 {
		nan := math.NaN()
		return extent{nan, nan, nan, nan}
	}
	first := points[0].v
	e := extent{points[len(points)-1].v, first, 0, first}
	for _, p := range points {
		e.least, e.most = min(e.least, p.v), max(e.most, p.v)
		e.mean += p.v / float64(len(points))
	}
	return e
}
