package live

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/gorilla/handlers"

	"github.com/seawaykit/seaway/shared/command"
)

// middleware wraps the routes: access log outermost, so that it logs the
// recovery's responses. There is no compression here: files are compressed when
// they are built, pages where they are served, and a gzip writer would cost a
// stream 800 KiB.
func (s *Server) middleware(h http.Handler) http.Handler {
	if s.opts.Middleware != nil {
		h = s.opts.Middleware(h)
	}
	h = s.site.only(s.site.mounted(s.recovery(h)), http.HandlerFunc(s.refuseHost))
	h = s.site.known(s.traced(secureHeaders(h)))
	if s.opts.Access != nil && s.opts.Access != io.Discard {
		h = s.accessLog(h)
	}
	return h
}

// refuseHost answers a request that is for another host. The text is for operators: a
// proxy that does not pass on the host makes every request be refused.
func (s *Server) refuseHost(w http.ResponseWriter, r *http.Request) {
	reason := fmt.Sprintf("this is %s, and it was asked as %.100q: let the proxy pass on the Host header", s.site.origin(), r.Host)
	s.misdirected.Log(s.opts.Logger, "a request was refused for its host", "path", fmt.Sprintf("%.100s", r.URL.Path), "reason", reason)
	http.Error(w, reason, http.StatusMisdirectedRequest)
}

// crossOrigin adds CORS headers for the configured origins, and no others. It
// is not used for files, whose Vary header it would overwrite.
func (s *Server) crossOrigin(h http.Handler) http.Handler {
	if len(s.opts.Origins) == 0 {
		return h
	}
	return handlers.CORS(
		handlers.AllowedOrigins(s.opts.Origins),
		handlers.AllowedMethods([]string{http.MethodGet, http.MethodPost}),
		handlers.AllowedHeaders([]string{"Content-Type", command.IdempotencyKeyHeader, "Last-Event-ID"}),
		handlers.AllowCredentials(), // as sockets of these origins have them
		handlers.MaxAge(600),
	)(h)
}

// recovery answers 500 to a request whose handler panics, and logs why.
// gorilla's handler also swallows http.ErrAbortHandler, by which a handler cuts
// a response short on purpose: the client would take the truncated response for
// a complete one. So that panic is passed around it.
func (s *Server) recovery(h http.Handler) http.Handler {
	recovering := handlers.RecoveryHandler(
		handlers.RecoveryLogger(panicLog{s.opts.Logger}),
	)(catchAbort(h))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		aborted := false
		recovering.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), abortKey{}, &aborted)))
		if aborted {
			panic(http.ErrAbortHandler)
		}
	})
}

// abortKey finds the flag that an abort sets.
type abortKey struct{}

func catchAbort(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch v := recover(); v {
			case nil:
			case http.ErrAbortHandler:
				*r.Context().Value(abortKey{}).(*bool) = true
			default:
				panic(v)
			}
		}()
		h.ServeHTTP(w, r)
	})
}

// A panicLog implements gorilla's logger interface.
type panicLog struct{ log *slog.Logger }

func (l panicLog) Println(v ...any) {
	l.log.Error("a handler panicked", "panic", v, "stack", string(debug.Stack()))
}
