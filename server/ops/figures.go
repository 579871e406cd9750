package ops

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/seawaykit/seaway/server/fanout"
	"github.com/seawaykit/seaway/server/sse"
)

// A figure is one line of /metrics and where its value comes from.
type figure struct {
	desc  *prometheus.Desc
	kind  prometheus.ValueType
	value func(sse.Stats, fanout.Stats) float64
	path  []string // the value of the label path, for streams
}

func gauge(name, help string, value func(sse.Stats, fanout.Stats) float64) figure {
	return figure{prometheus.NewDesc("seaway_"+name, help, nil, nil), prometheus.GaugeValue, value, nil}
}

func counter(name, help string, value func(sse.Stats, fanout.Stats) float64) figure {
	f := gauge(name+"_total", help, value)
	f.kind = prometheus.CounterValue
	return f
}

var streamsOpen = prometheus.NewDesc("seaway_streams", "Streams open, by the path that serves them.", []string{"path"}, nil)

// all lists the figures of the streams and of the hub.
var all = []figure{
	{streamsOpen, prometheus.GaugeValue, func(s sse.Stats, _ fanout.Stats) float64 { return float64(s.Fast) }, []string{"fast"}},
	{streamsOpen, prometheus.GaugeValue, func(s sse.Stats, _ fanout.Stats) float64 { return float64(s.Plain) }, []string{"plain"}},
	gauge("streams_parked", "Streams that wait until their reader takes more.",
		func(s sse.Stats, _ fanout.Stats) float64 { return float64(s.Parked) }),
	counter("streams_opened", "Streams opened.",
		func(s sse.Stats, _ fanout.Stats) float64 { return float64(s.Opened) }),
	counter("deliveries", "Events handed to readers' connections.",
		func(s sse.Stats, _ fanout.Stats) float64 { return float64(s.Events) }),
	counter("bytes", "Bytes handed to readers' connections.",
		func(s sse.Stats, _ fanout.Stats) float64 { return float64(s.Bytes) }),
	counter("faults", "Requests answered with a fault frame.",
		func(s sse.Stats, _ fanout.Stats) float64 { return float64(s.Faults) }),
	counter("resets", "Readers told to start over.",
		func(s sse.Stats, _ fanout.Stats) float64 { return float64(s.Resets) }),
	counter("slow_readers", "Streams closed because their reader took nothing for the write timeout.",
		func(s sse.Stats, _ fanout.Stats) float64 { return float64(s.Slow) }),
	counter("replays", "Pages of the log given to streams that were behind the ring.",
		func(s sse.Stats, _ fanout.Stats) float64 { return float64(s.Replays) }),
	gauge("ring_events", "Events in the ring.",
		func(_ sse.Stats, h fanout.Stats) float64 { return float64(h.Events) }),
	gauge("ring_bytes", "Bytes of the encoded events in the ring.",
		func(_ sse.Stats, h fanout.Stats) float64 { return float64(h.Bytes) }),
	gauge("head_seq", "Number of the newest event on this node.",
		func(_ sse.Stats, h fanout.Stats) float64 { return float64(h.Head) }),
	gauge("head_age_seconds", "Time since the log stored the newest event.",
		func(_ sse.Stats, h fanout.Stats) float64 { return h.HeadAge.Seconds() }),
	gauge("lag_events", "How many numbers the slowest reader is behind the newest event.",
		func(_ sse.Stats, h fanout.Stats) float64 { return float64(h.Lag) }),
	gauge("cursors", "Readers of the hub.",
		func(_ sse.Stats, h fanout.Stats) float64 { return float64(h.Cursors) }),
	gauge("log_reads", "Reads of the log for readers, under way.",
		func(_ sse.Stats, h fanout.Stats) float64 { return float64(h.DeepReads) }),
	counter("log_pages", "Pages of the log read for readers that were behind the ring.",
		func(_ sse.Stats, h fanout.Stats) float64 { return float64(h.Pages) }),
}

// figures collects them. All of one answer are of one moment.
type figures struct{ Sources }

// Describe implements [prometheus.Collector].
func (figures) Describe(out chan<- *prometheus.Desc) {
	for _, f := range all {
		out <- f.desc
	}
}

// Collect implements [prometheus.Collector].
func (f figures) Collect(out chan<- prometheus.Metric) {
	streams, hub := f.Streams(), f.Hub()
	for _, fig := range all {
		out <- prometheus.MustNewConstMetric(fig.desc, fig.kind, fig.value(streams, hub), fig.path...)
	}
}
