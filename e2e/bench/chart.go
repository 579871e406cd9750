package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// A panel is one column of the chart: the same figure of every server, shorter
// bars being better.
type panel struct {
	title, unit string
	workload    string // the beginning of its name
	value       func(result) float64
}

var panels = []panel{
	{"CPU per delivery", "microseconds, 1,000 streams at 20/s", "1,000 streams, 20/s", func(r result) float64 { return r.CPU }},
	{"Latency, p99", "milliseconds, 1,000 streams at 300/s", "1,000 streams, 300/s", func(r result) float64 { return r.P99 }},
	{"Memory per idle stream", "KiB, 8,000 streams", "8,000 streams", func(r result) float64 { return r.IdleKiB }},
}

// The chart's measures, in pixels.
const (
	margin     = 16
	labelWidth = 136
	panelWidth = 228
	barWidth   = 160 // the longest
	rowHeight  = 26
	barHeight  = 16
	headHeight = 56
	footHeight = 34
)

// chartStyle follows the reader's colour scheme. The product has the accent; the
// floor, which is no server, is an outline.
const chartStyle = `<style>
text { font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328 }
.title { font-size: 13px; font-weight: 600 }
.note { font-size: 11px; fill: #59636e }
.own { font-weight: 600 }
rect.bar { fill: #afb8c1 }
rect.own { fill: #0969da }
rect.floor { fill: none; stroke: #818b98; stroke-dasharray: 3 2 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .note { fill: #9198a1 }
  rect.bar { fill: #545d68 }
  rect.own { fill: #4493f8 }
  rect.floor { fill: none; stroke: #7d8590 }
}
</style>
`

// drawChart writes the chart as SVG, without a background: it lies on the
// page's.
func (r *report) drawChart(w io.Writer) error {
	height := headHeight + rowHeight*len(r.Servers) + footHeight
	width := 2*margin + labelWidth + panelWidth*len(panels)
	var b strings.Builder
	fmt.Fprintf(&b, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%[1]d\" height=\"%d\" role=\"img\">\n", width, height, height)
	fmt.Fprintf(&b, "<title>%s</title>\n%s", r.caption(), chartStyle)
	for i, s := range r.Servers {
		fmt.Fprintf(&b, "<text class=\"%s\" x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n",
			s.class(), margin+labelWidth-10, rowY(i)+barHeight-3, s.Name)
	}
	for i, p := range panels {
		r.drawPanel(&b, p, margin+labelWidth+i*panelWidth)
	}
	fmt.Fprintf(&b, "<text class=\"note\" x=\"%d\" y=\"%d\">Shorter is better. %s. Client and server on the same machine.</text>\n</svg>\n",
		margin, height-12, r.caption())
	_, err := io.WriteString(w, b.String())
	return err
}

func (r *report) drawPanel(b *strings.Builder, p panel, x int) {
	fmt.Fprintf(b, "<text class=\"title\" x=\"%d\" y=\"24\">%s</text>\n", x, p.title)
	fmt.Fprintf(b, "<text class=\"note\" x=\"%d\" y=\"40\">%s</text>\n", x, p.unit)
	longest := 0.0
	for _, s := range r.Servers {
		longest = max(longest, r.value(p, s))
	}
	for i, s := range r.Servers {
		v := r.value(p, s)
		if v <= 0 {
			fmt.Fprintf(b, "<text class=\"note\" x=\"%d\" y=\"%d\">-</text>\n", x, rowY(i)+barHeight-3)
			continue
		}
		long := max(1, v/longest*barWidth)
		fmt.Fprintf(b, "<rect class=\"bar %s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>\n", s.class(), x, rowY(i), long, barHeight)
		fmt.Fprintf(b, "<text class=\"%s\" x=\"%.1f\" y=\"%d\">%.*f</text>\n", s.class(), float64(x)+long+6, rowY(i)+barHeight-3, decimalsOf(v), v)
	}
}

// value returns a server's figure, or 0 if it has none.
func (r *report) value(p panel, s contender) float64 {
	i := slices.IndexFunc(r.Results, func(x result) bool {
		return x.Server == s.Name && strings.HasPrefix(x.Workload, p.workload)
	})
	if i < 0 {
		return 0
	}
	return p.value(r.Results[i])
}

func (r *report) caption() string { return r.Date + ", " + r.Machine }

// class is the server's look.
func (c contender) class() string {
	switch c.rival {
	case "":
		return "own"
	case "floor":
		return "floor"
	}
	return "rival"
}

func rowY(i int) int { return headHeight + i*rowHeight }

// decimalsOf shows three digits at most.
func decimalsOf(v float64) int {
	if v < 100 {
		return 1
	}
	return 0
}
