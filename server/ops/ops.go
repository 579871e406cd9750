// Package ops tells operators how a server is doing, over HTTP on an address of
// its own, which should not be public.
//
// # Promises
//
//   - GET /metrics is Prometheus text: the streams', the hub's, the Go runtime's
//     and the process's figures, taken when they are asked for. Between two
//     questions they cost nothing.
//   - GET /livez is 200 for as long as the process answers, whatever else is
//     wrong. It alone is meant for what restarts programs: to restart one whose
//     disk is full or whose cluster is away makes nothing better.
//   - GET /readyz is 200 while the server can serve streams from memory and
//     reaches its log, and otherwise 503 with a line for each trouble: during the
//     start, once it is shutting down, and while its log is out of reach or has
//     no quorum. It is meant for a balancer, which sends clients to other nodes.
//     Streams that are open go on.
//   - GET /healthz is 200 while all is well, and otherwise 503 with a line for
//     each trouble. It is meant for an alarm. What readiness does not count is a
//     full disk of a server's own: it is the only one that has these events, and
//     readers are still served.
//   - The handler starts no goroutine, is safe for concurrent use, and answers as
//     fast as the functions that it asks.
package ops

import (
	"fmt"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/seawaykit/seaway/server/fanout"
	"github.com/seawaykit/seaway/server/sse"
)

// Sources are what is asked. All must be set and safe for concurrent use.
type Sources struct {
	Streams func() sse.Stats
	Hub     func() fanout.Stats
	// Healthy returns nil or what is wrong, joined if it is several things.
	Healthy func() error
	// Ready returns nil or why no traffic should come.
	Ready func() error
}

// Starting serves the paths before there is anything to ask: the process lives
// and is neither healthy nor ready, because of the reason.
func Starting(reason error) http.Handler {
	not := func() error { return reason }
	mux := http.NewServeMux()
	mux.Handle("GET /livez", check(alive))
	mux.Handle("GET /healthz", check(not))
	mux.Handle("GET /readyz", check(not))
	return mux
}

// alive has nothing to ask: it is the answer that counts.
func alive() error { return nil }

// Handler serves the four paths.
func Handler(s Sources) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		figures{s},
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	mux.Handle("GET /livez", check(alive))
	mux.Handle("GET /healthz", check(s.Healthy))
	mux.Handle("GET /readyz", check(s.Ready))
	return mux
}

// check answers by what ask returns.
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
