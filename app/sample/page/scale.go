package page

import "math"

// A scale is a chart's vertical axis: from zero, so that a small change looks
// small, to a round number, so that it stays as it is while values move below.
type scale struct {
	top   float64
	ticks []float64 // the first is zero, the last is top
}

// maxSteps is how many steps an axis has at most.
const maxSteps = 4

// newScale returns an axis that holds highest and least, with ticks that are round
// in units of base.
func newScale(highest, least, base float64) scale {
	highest = max(highest, least) / base
	if !(highest > 0) || math.IsInf(highest, 0) { // NaN, too
		highest = 1
	}
	step := roundUp(highest / maxSteps)
	var s scale
	for n := 0.0; ; n++ {
		s.ticks = append(s.ticks, n*step*base)
		if n*step >= highest {
			break
		}
	}
	s.top = s.ticks[len(s.ticks)-1]
	return s
}

// roundUp returns the least of 1, 2 and 5 times a power of ten that is at least x,
// which must be positive.
func roundUp(x float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(x)))
	for _, round := range []float64{1, 2, 5} {
		if round*power >= x*(1-1e-9) {
			return round * power
		}
	}
	return 10 * power
}
