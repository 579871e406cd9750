package page

import (
	"github.com/seawaykit/seaway/app/sample/words"
	"github.com/seawaykit/seaway/shared/sample/vitals"
)

// A metric is one value of a sample, with its title and unit.
type metric struct {
	id      string
	title   func(*words.Dashboard) string
	unit    unit
	axisMin float64 // the axis goes at least up to this, so that a small change looks small
	value   func(vitals.Sample) float64
}

// chartMetrics are the metrics with a chart.
var chartMetrics = []metric{
	{"cpu", func(w *words.Dashboard) string { return w.CPU }, unit{one: "%"}, 4, func(s vitals.Sample) float64 { return 100 * s.CPU }},
	{"memory", func(w *words.Dashboard) string { return w.Memory }, unit{bytes: true}, 1 << 20, func(s vitals.Sample) float64 { return float64(s.Memory) }},
	{"streams", func(w *words.Dashboard) string { return w.Streams }, unit{whole: true}, 4, func(s vitals.Sample) float64 { return float64(s.Streams) }},
	{"delivered", func(w *words.Dashboard) string { return w.Delivered }, unit{one: "/s"}, 4, func(s vitals.Sample) float64 { return s.Delivered }},
	{"sent", func(w *words.Dashboard) string { return w.Sent }, unit{one: "/s", bytes: true}, 1 << 10, func(s vitals.Sample) float64 { return s.Sent }},
	{"append", func(w *words.Dashboard) string { return w.Append }, unit{one: "ms"}, 1, func(s vitals.Sample) float64 { return s.Append }},
}

// tileMetrics are the metrics of which only the newest value is shown.
var tileMetrics = []metric{
	{"appended", func(w *words.Dashboard) string { return w.Appended }, unit{one: "/s"}, 0, func(s vitals.Sample) float64 { return s.Appended }},
	{"slowest", func(w *words.Dashboard) string { return w.Slowest }, unit{one: "ms"}, 0, func(s vitals.Sample) float64 { return s.AppendMax }},
	{"heap", func(w *words.Dashboard) string { return w.Heap }, unit{bytes: true}, 0, func(s vitals.Sample) float64 { return float64(s.Heap) }},
	{"goroutines", func(w *words.Dashboard) string { return w.Goroutines }, unit{whole: true}, 0, func(s vitals.Sample) float64 { return float64(s.Goroutines) }},
}
