package page

import (
	"math"
	"strconv"
	"time"
)

// A point is a value at a time.
type point struct {
	at time.Time
	v  float64
}

// The size of the plot in its own units, of which two are a pixel: whole numbers
// are short, and half a pixel is exact enough.
const (
	plotWidth, plotHeight = 720, 290
	plotHead              = 26 // space above the plot for the axis' unit
	plotLeft, plotRight   = 84, 708
	plotTop, plotBottom   = 16, 244
)

// maxGap is the distance from which a sample is missing between two: a ticker may
// be late by less.
const maxGap = 1500 * time.Millisecond

// A plot maps points to coordinates: the newest at the right, span before it at
// the left, zero at the bottom and top at the top.
type plot struct {
	end  time.Time
	span time.Duration
	top  float64
}

func (p plot) x(at time.Time) int {
	left := float64(p.end.Sub(at)) / float64(p.span)
	return plotRight - int(math.Round(left*(plotRight-plotLeft)))
}

func (p plot) y(v float64) int {
	return plotBottom - int(math.Round(min(max(v/p.top, 0), 1)*(plotBottom-plotTop)))
}

// runs splits points where a second is missing, and leaves out those older than
// the span. It keeps the slice.
func (p plot) runs(points []point) [][]point {
	var runs [][]point
	begin := 0
	for i := range points {
		switch {
		case p.end.Sub(points[i].at) > p.span:
			begin = i + 1
		case i+1 == len(points) || points[i+1].at.Sub(points[i].at) > maxGap:
			runs = append(runs, points[begin:i+1])
			begin = i + 1
		}
	}
	return runs
}

// line returns the path along the points, as data of an SVG path. A gap stays a
// gap; a single point is drawn by the round ends of the line.
func (p plot) line(points []point) string {
	var b []byte
	for _, run := range p.runs(points) {
		b = append(b, 'M')
		b = p.along(b, run)
		if len(run) == 1 {
			b = append(b, "h0"...)
		}
	}
	return string(b)
}

// area returns the path around the area between the points and zero.
func (p plot) area(points []point) string {
	var b []byte
	for _, run := range p.runs(points) {
		b = pair(append(b, 'M'), p.x(run[0].at), plotBottom)
		b = p.along(append(b, 'L'), run)
		b = append(b, 'V')
		b = strconv.AppendInt(b, plotBottom, 10)
		b = append(b, 'Z')
	}
	return string(b)
}

// along writes the first point, and each further one relative to the one before,
// which is half as long as absolute coordinates.
func (p plot) along(b []byte, run []point) []byte {
	x, y := p.x(run[0].at), p.y(run[0].v)
	b = pair(b, x, y)
	for i, next := range run[1:] {
		if i == 0 {
			b = append(b, 'l')
		} else {
			b = append(b, ' ')
		}
		toX, toY := p.x(next.at), p.y(next.v)
		b = pair(b, toX-x, toY-y)
		x, y = toX, toY
	}
	return b
}

func pair(b []byte, x, y int) []byte {
	b = strconv.AppendInt(b, int64(x), 10)
	b = append(b, ',')
	return strconv.AppendInt(b, int64(y), 10)
}
