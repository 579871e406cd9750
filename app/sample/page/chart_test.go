package page

import (
	"math"
	"slices"
	"testing"
	"time"
)

func TestScaleBeginsAtZeroAndEndsAtARoundNumber(t *testing.T) {
	for _, c := range []struct {
		highest, least, base float64
		want                 []float64
	}{
		{0, 4, 1, []float64{0, 1, 2, 3, 4}},
		{3.7, 1, 1, []float64{0, 1, 2, 3, 4}},
		{4, 1, 1, []float64{0, 1, 2, 3, 4}},
		{4.1, 1, 1, []float64{0, 2, 4, 6}},
		{0.31, 0.1, 1, []float64{0, 0.1, 0.2, 0.3, 0.4}},
		{995, 1, 1, []float64{0, 500, 1000}},
		{30 << 20, 1, 1 << 20, []float64{0, 10 << 20, 20 << 20, 30 << 20}},
		{math.NaN(), 0, 1, []float64{0, 0.5, 1}},
		{math.Inf(1), 0, 1, []float64{0, 0.5, 1}},
		{-5, 0, 1, []float64{0, 0.5, 1}},
	} {
		s := newScale(c.highest, c.least, c.base)
		near := func(a, b float64) bool { return math.Abs(a-b) < 1e-9*max(1, math.Abs(b)) }
		if !slices.EqualFunc(s.ticks, c.want, near) || s.top != s.ticks[len(s.ticks)-1] {
			t.Errorf("up to %v: ticks %v and top %v, want %v", c.highest, s.ticks, s.top, c.want)
		}
	}
}

// Whatever the values, an axis holds them and has few ticks.
func TestScaleHoldsItsValues(t *testing.T) {
	for v := 1e-6; v < 1e12; v *= 1.37 {
		s := newScale(v, 0, 1)
		if s.top < v || s.top > 3*v || len(s.ticks) < 3 || len(s.ticks) > maxSteps+1 {
			t.Errorf("up to %v: %v", v, s.ticks)
		}
	}
}

func TestAmountsAreWrittenWithThreeDigitsAndAUnit(t *testing.T) {
	size, rate, cores := unit{bytes: true}, unit{one: "/s", bytes: true}, unit{one: "cores"}
	for _, c := range []struct {
		unit unit
		v    float64
		want string
	}{
		{size, 0, "0.00 B"}, {size, 1023, "1023 B"}, {size, 1024, "1.00 KiB"}, {size, 35.5 * (1 << 20), "35.5 MiB"},
		{rate, 2048, "2.00 KiB/s"}, {cores, 0.126, "0.13 cores"}, {cores, 12.34, "12.3 cores"},
		{unit{whole: true}, 1234, "1234"}, {cores, math.NaN(), "– cores"},
	} {
		if got := c.unit.text(c.v); got != c.want {
			t.Errorf("%v: %q, want %q", c.v, got, c.want)
		}
	}
	if got := cores.tick(0.1+0.2, 1); got != "0.3" {
		t.Errorf("a tick is %q", got)
	}
}

// every returns one point a second, and none where v is NaN.
func every(end time.Time, values ...float64) (points []point) {
	for i, v := range values {
		if !math.IsNaN(v) {
			points = append(points, point{end.Add(time.Duration(i+1-len(values)) * time.Second), v})
		}
	}
	return points
}

func TestPlotLineGoesThroughThePointsAndNotOverGaps(t *testing.T) {
	end, gap := time.Unix(1e9, 0), math.NaN()
	p := plot{end: end, span: 4 * time.Second, top: 10}
	for name, c := range map[string]struct {
		points     []point
		line, area string
	}{
		"nothing":        {nil, "", ""},
		"one":            {every(end, 10), "M708,16h0", "M708,244L708,16V244Z"},
		"a line":         {every(end, 0, 5, 10), "M396,244l156,-114 156,-114", "M396,244L396,244l156,-114 156,-114V244Z"},
		"a gap":          {every(end, 0, 0, gap, 5, 5), "M84,244l156,0M552,130l156,0", "M84,244L84,244l156,0V244ZM552,244L552,130l156,0V244Z"},
		"older":          {every(end, 1, 1, 10, 10, 10, 10, 10), "M84,16l156,0 156,0 156,0 156,0", "M84,244L84,16l156,0 156,0 156,0 156,0V244Z"},
		"beyond the top": {every(end, 99), "M708,16h0", "M708,244L708,16V244Z"},
	} {
		if got := p.line(c.points); got != c.line {
			t.Errorf("%s: the line is %q, want %q", name, got, c.line)
		}
		if got := p.area(c.points); got != c.area {
			t.Errorf("%s: the area is %q, want %q", name, got, c.area)
		}
	}
}

func TestSummaryOfPoints(t *testing.T) {
	if got, want := summarize(every(time.Now(), 2, 8, 5)), (summary{5, 2, 5, 8}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := summarize(nil); !math.IsNaN(got.now) || !math.IsNaN(got.max) {
		t.Errorf("of nothing: %v", got)
	}
}
