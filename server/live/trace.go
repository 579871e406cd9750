package live

import (
	"context"
	"net/http"

	"github.com/felixge/httpsnoop"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/sse"
)

// A Tracer traces a server's requests, the appends that they make, and the fan-out of
// events, by spans of whatever library: package server/tracing, a module of its own, does by
// OpenTelemetry. None of its methods may block.
type Tracer interface {
	// BeginAppend is called for appends with the context of a request, or of [Server.Go].
	eventlog.Tracer

	// BeginRequest is called when a request begins, with the pattern by which it is served,
	// or the path of its command: nothing in it is of the client's choice. A command on a
	// socket is a request, too. The request goes on with the context that it returns, and
	// end is called once, with the status of the answer. The context should only add
	// values, else streams leave the fast path.
	BeginRequest(r *http.Request, route string) (_ context.Context, end func(status int))

	// FannedOut is called for each event that comes after the server's start.
	FannedOut(sse.FanOut)
}

// traced traces the requests of h.
func (s *Server) traced(h http.Handler) http.Handler {
	t := s.opts.Tracer
	if t == nil {
		return h
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, end := t.BeginRequest(r, s.routeOf(r))
		status := http.StatusOK
		defer func() { end(status) }()
		w = httpsnoop.Wrap(w, httpsnoop.Hooks{WriteHeader: func(next httpsnoop.WriteHeaderFunc) httpsnoop.WriteHeaderFunc {
			return func(code int) {
				status = code
				next(code)
			}
		}})
		h.ServeHTTP(w, r.WithContext(eventlog.WithTracer(ctx, t)))
	})
}
