package page

import "math"

// A summary has the last, least, mean and greatest value of points.
type summary struct{ now, min, mean, max float64 }

// summarize returns the summary of points, with NaN everywhere if there are none.
func summarize(points []point) summary {
	if len(points) == 0 {
		nan := math.NaN()
		return summary{nan, nan, nan, nan}
	}
	first := points[0].v
	s := summary{points[len(points)-1].v, first, 0, first}
	for _, p := range points {
		s.min, s.max = min(s.min, p.v), max(s.max, p.v)
		s.mean += p.v / float64(len(points))
	}
	return s
}
