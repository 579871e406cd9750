package page

import "github.com/seawaykit/seaway/shared/sample/vitals"

// A metric is one thing that a sample tells.
type metric struct {
	id, title string
	unit      unit
	least     float64 // the axis goes at least so far: a twitch of nothing is no mountain
	value     func(vitals.Sample) float64
}

// charted are the metrics that have a chart.
var charted = []metric{
	{"cpu", "Processor, of one core", unit{one: "%"}, 4, func(s vitals.Sample) float64 { return 100 * s.CPU }},
	{"memory", "Memory", unit{bytes: true}, 1 << 20, func(s vitals.Sample) float64 { return float64(s.Memory) }},
	{"streams", "Open streams", unit{whole: true}, 4, func(s vitals.Sample) float64 { return float64(s.Streams) }},
	{"delivered", "Deliveries", unit{one: "/s"}, 4, func(s vitals.Sample) float64 { return s.Delivered }},
	{"sent", "Bytes sent", unit{one: "/s", bytes: true}, 1 << 10, func(s vitals.Sample) float64 { return s.Sent }},
	{"append", "Time to store", unit{one: "ms"}, 1, func(s vitals.Sample) float64 { return s.Append }},
}

// counted are those of which the newest value is enough.
var counted = []metric{
	{"appended", "Stored", unit{one: "/s"}, 0, func(s vitals.Sample) float64 { return s.Appended }},
	{"slowest", "Slowest to store", unit{one: "ms"}, 0, func(s vitals.Sample) float64 { return s.AppendMax }},
	{"heap", "Heap", unit{bytes: true}, 0, func(s vitals.Sample) float64 { return float64(s.Heap) }},
	{"goroutines", "Goroutines", unit{whole: true}, 0, func(s vitals.Sample) float64 { return float64(s.Goroutines) }},
}
