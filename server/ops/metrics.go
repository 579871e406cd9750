package ops

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/server/sse"
)

// A metric is one line of /metrics and the source of its value.
type metric struct {
	desc  *prometheus.Desc
	kind  prometheus.ValueType
	value func(sse.Stats, fanout.Stats) float64
	path  []string // the value of the label path, for streams
}

func gauge(name, help string, value func(sse.Stats, fanout.Stats) float64) metric {
	return metric{prometheus.NewDesc("seaway_"+name, help, nil, nil), prometheus.GaugeValue, value, nil}
}

func counter(name, help string, value func(sse.Stats, fanout.Stats) float64) metric {
	f := gauge(name+"_total", help, value)
	f.kind = prometheus.CounterValue
	return f
}

var streamsOpen = prometheus.NewDesc("seaway_streams", "Streams open, by the path that serves them.", []string{"path"}, nil)

// metrics lists the metrics of the streams and of the hub.
var metrics = []metric{
	{streamsOpen, prometheus.GaugeValue, func(s sse.Stats, _ fanout.Stats) float64 { return float64(s.Fast) }, []string{"fast"}},
	{streamsOpen, prometheus.GaugeValue, func(s sse.Stats, _ fanout.Stats) float64 { return float64(s.Plain) }, []string{"plain"}},
	gauge("streams_blocked", "Streams that wait for room in their client's connection.",
		func(s sse.Stats, _ fanout.Stats) float64 { return float64(s.Blocked) }),
	counter("streams_opened", "Streams opened.",
		func(s sse.Stats, _ fanout.Stats) float64 { return float64(s.Opened) }),
	counter("deliveries", "Events written to clients' connections.",
		func(s sse.Stats, _ fanout.Stats) float64 { return float64(s.Events) }),
	counter("bytes", "Bytes written to clients' connections.",
		func(s sse.Stats, _ fanout.Stats) float64 { return float64(s.Bytes) }),
	counter("faults", "Requests answered with a fault frame.",
		func(s sse.Stats, _ fanout.Stats) float64 { return float64(s.Faults) }),
	counter("resets", "Reset frames sent: clients that had to start over.",
		func(s sse.Stats, _ fanout.Stats) float64 { return float64(s.Resets) }),
	counter("slow_readers", "Streams closed because their client took nothing for the write timeout.",
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
	gauge("lag_events", "How many sequence numbers the slowest cursor is behind the newest event.",
		func(_ sse.Stats, h fanout.Stats) float64 { return float64(h.Lag) }),
	gauge("cursors", "Open cursors of the hub.",
		func(_ sse.Stats, h fanout.Stats) float64 { return float64(h.Cursors) }),
	gauge("log_reads", "Reads of the log under way, for cursors that are behind the ring.",
		func(_ sse.Stats, h fanout.Stats) float64 { return float64(h.LogReads) }),
	counter("log_pages", "Pages of the log read for cursors that were behind the ring.",
		func(_ sse.Stats, h fanout.Stats) float64 { return float64(h.Pages) }),
}

var (
	logEvents = prometheus.NewDesc("seaway_log_events", "Events that the log holds.", nil, nil)
	logBytes  = prometheus.NewDesc("seaway_log_bytes", "Bytes that the log's events take, as its retention counts them.", nil, nil)
)

// A collector collects the metrics. All values of one response are of one
// moment, but for the log's.
type collector struct{ Sources }

// Describe implements [prometheus.Collector].
func (collector) Describe(out chan<- *prometheus.Desc) {
	for _, f := range metrics {
		out <- f.desc
	}
	out <- logEvents
	out <- logBytes
}

// Collect implements [prometheus.Collector].
func (f collector) Collect(out chan<- prometheus.Metric) {
	streams, hub := f.Streams(), f.Hub()
	for _, fig := range metrics {
		out <- prometheus.MustNewConstMetric(fig.desc, fig.kind, fig.value(streams, hub), fig.path...)
	}
	if log, err := f.Log(); err == nil {
		out <- prometheus.MustNewConstMetric(logEvents, prometheus.GaugeValue, float64(log.Events))
		out <- prometheus.MustNewConstMetric(logBytes, prometheus.GaugeValue, float64(log.Bytes))
	}
}
