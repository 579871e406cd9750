// Package ops serves a server's metrics, health checks and a page about it over HTTP, for
// operators, on an address that should not be public.
//
//	admin := ops.Handler(ops.Sources{
//		Streams: streams.Stats, Hub: streams.RingStats, // streams is an *sse.Handler
//		Log:     func() (eventlog.State, error) { return log.State(ctx) },
//		Healthy: log.Health, Ready: streams.Health,
//	})
//	go http.ListenAndServe("127.0.0.1:9090", admin)
//
// # Promises
//
//   - GET /metrics is Prometheus text: metrics of the streams, the hub, the log,
//     the Go runtime and the process, collected when they are requested. Between two
//     requests they cost nothing.
//   - GET /livez is 200 for as long as the process answers, whatever else is
//     wrong. Only this one is meant for a supervisor that restarts programs: a
//     restart does not help a program whose disk is full or whose cluster is
//     out of reach.
//   - GET /readyz is 200 while the server can serve streams from memory and
//     reaches its log, and otherwise 503 with a line for each problem: during the
//     start, during shutdown, and while its log is out of reach or has no quorum.
//     It is meant for a load balancer, which sends clients to other nodes. Open
//     streams go on.
//   - GET /healthz is 200 while the server is healthy, and otherwise 503 with a
//     line for each problem. It is meant for an alarm. Unlike readiness it
//     includes a full disk of the server's own: that server is the only one that
//     has these events, and still serves streams.
//   - GET / is a page for people, plain HTML: streams by topic, slow readers, the log,
//     states and checkpoints, recent refusals, limits. Its figures are collected once a
//     second at most, whoever asks. It is answered for localhost and for addresses, and not
//     for pages of other sites that a browser has open. It has no cookies, and nothing in it
//     can be pressed that changes anything.
//   - The handler starts no goroutine, is safe for concurrent use, and answers as
//     fast as the functions that it calls.
package ops

import (
	"fmt"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/server/sse"
)

// Sources are the functions that [Handler] calls. All but Overview must be set, and all are
// safe for concurrent use.
type Sources struct {
	Streams func() sse.Stats
	Hub     func() fanout.Stats
	// Log returns the state of the log. If it fails, the metrics of the log are left
	// out.
	Log func() (eventlog.State, error)
	// Healthy returns nil, or the problems, joined.
	Healthy func() error
	// Ready returns nil, or why the server should get no traffic.
	Ready func() error
	// Overview returns the rest of what the page shows. Nil leaves the page out.
	Overview func() Overview
}

// Starting serves the health checks while the server starts: the process is
// alive and, for the given reason, neither healthy nor ready.
func Starting(reason error) http.Handler {
	not := func() error { return reason }
	mux := http.NewServeMux()
	mux.Handle("GET /livez", check(alive))
	mux.Handle("GET /healthz", check(not))
	mux.Handle("GET /readyz", check(not))
	return mux
}

// alive checks nothing: that there is an answer is enough.
func alive() error { return nil }

// Handler returns the handler of /, /metrics, /livez, /readyz and /healthz.
func Handler(s Sources) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collector{s},
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	mux.Handle("GET /livez", check(alive))
	mux.Handle("GET /healthz", check(s.Healthy))
	mux.Handle("GET /readyz", check(s.Ready))
	if s.Overview != nil {
		mux.Handle("GET /{$}", &page{Sources: s})
	}
	return mux
}

// check answers 200 if ask returns nil, and otherwise 503 with the error.
func check(ask func() error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		if err := ask(); err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			fmt.Fprintln(w, err)
			return
		}
		fmt.Fprintln(w, "ok")
	})
}
