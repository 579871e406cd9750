package page

import "github.com/seawaykit/seaway/shared/sample/vitals"

// A metric is one value of a sample, with its title and unit.
type metric struct {
	id, title string
	unit      unit
	axisMin   float64 // the axis goes at least up to this, so that a small change looks small
	value     func(vitals.Sample) float64
}

// chartMetrics are the metrics with a chart.
var chartMetrics = []metric{
	{"cpu", "CPU (one core is 100 %)", unit{one: "%"}, 4, func(s vitals.Sample) float64 { return 100 * s.CPU }},
	{"memory", "Memory", unit{bytes: true}, 1 << 20, func(s vitals.Sample) float64 { return float64(s.Memory) }},
	{"streams", "Open streams", unit{whole: true}, 4, func(s vitals.Sample) float64 { return float64(s.Streams) }},
	{"delivered", "Deliveries", unit{one: "/s"}, 4, func(s vitals.Sample) float64 { return s.Delivered }},
	{"sent", "Bytes sent", unit{one: "/s", bytes: true}, 1 << 10, func(s vitals.Sample) float64 { return s.Sent }},
	{"append", "Time to store", unit{one: "ms"}, 1, func(s vitals.Sample) float64 { return s.Append }},
}

// tileMetrics are the metrics of which only the newest value is shown.
var tileMetrics = []metric{
	{"appended", "Stored", unit{one: "/s"}, 0, func(s vitals.Sample) float64 { return s.Appended }},
	{"slowest", "Longest time to store", unit{one: "ms"}, 0, func(s vitals.Sample) float64 { return s.AppendMax }},
	{"heap", "Heap", unit{bytes: true}, 0, func(s vitals.Sample) float64 { return float64(s.Heap) }},
	{"goroutines", "Goroutines", unit{whole: true}, 0, func(s vitals.Sample) float64 { return float64(s.Goroutines) }},
}
