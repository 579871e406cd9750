package site

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/gorilla/handlers"

	"github.com/seawaykit/seaway/shared/command"
)

// middleware wraps the routes: access log outermost, so that it sees what the
// recovery answers. There is no compression here: files are packed when they are
// built, pages where they are served, and a gzip writer would cost a stream
// 800 KiB.
func (s *Site) middleware(h http.Handler) http.Handler {
	h = s.recovery(h)
	if s.opts.Access != nil && s.opts.Access != io.Discard {
		h = handlers.CombinedLoggingHandler(s.opts.Access, h)
	}
	return h
}

// crossOrigin answers the configured origins' pages, and no others. It is kept
// off the files, whose Vary header it would overwrite.
func (s *Site) crossOrigin(h http.Handler) http.Handler {
	if len(s.opts.Origins) == 0 {
		return h
	}
	return handlers.CORS(
		handlers.AllowedOrigins(s.opts.Origins),
		handlers.AllowedMethods([]string{http.MethodGet, http.MethodPost}),
		handlers.AllowedHeaders([]string{"Content-Type", command.KeyHeader, "Last-Event-ID"}),
		handlers.MaxAge(600),
	)(h)
}

// recovery answers 500 to a request whose handler panics, and logs why.
// gorilla's handler also swallows http.ErrAbortHandler, by which a handler cuts
// a response short on purpose: the client would take the stump for a whole. It
// is carried around it.
func (s *Site) recovery(h http.Handler) http.Handler {
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

// panicLog is gorilla's idea of a logger.
type panicLog struct{ log *slog.Logger }

func (l panicLog) Println(v ...any) {
	l.log.Error("a handler panicked", "panic", v, "stack", string(debug.Stack()))
}
