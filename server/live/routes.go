package live

import (
	"io"
	"net/http"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/web/assets"
)

// Handler returns the handler of everything, for the caller's own http.Server
// and mux:
//
//	mux.Handle("/", srv.Handler())
//	server := httpd.New(mux, httpd.Options{})
//
// It starts s. The caller ends s by [Server.Shutdown], besides the Shutdown of the
// http.Server, which does not reach streams of the fast path. Streams take that path
// in a server of package httpd only. Mount the handler at the root, or, without
// stripping it, at the prefix of Options.PublicURL: pages request streams, commands and
// files at fixed paths.
func (s *Server) Handler() http.Handler {
	s.start()
	return s.handler
}

func (s *Server) routes(sockets http.Handler) http.Handler {
	mux := s.mux
	mux.Handle("/events", s.crossOrigin(s.withIdentity(s.streams)))
	mux.Handle("/poll", s.crossOrigin(s.withIdentity(s.streams.Poll())))
	mux.Handle("/socket", s.withIdentity(sockets))
	mux.Handle(command.PathPrefix, s.crossOrigin(s.withIdentity(s.commands)))
	mux.Handle("GET /state", s.crossOrigin(s.withIdentity(compress(http.HandlerFunc(s.serveState)))))
	mux.Handle(assets.Prefix, s.files)
	mux.HandleFunc("GET /robots.txt", s.serveRobots)
	mux.Handle("/", s.withIdentity(s.documents()))
	return mux
}

// documents serves pages, compressed, and generated files uncompressed.
func (s *Server) documents() http.Handler {
	plain := http.HandlerFunc(s.servePage)
	// gorilla's compression closes its writer when a handler panics, which
	// sends a response with status 200: so the recovery has to be inside of it.
	compressed := compress(s.recovery(plain))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if generated(r.URL.Path) {
			plain.ServeHTTP(w, r)
			return
		}
		if err := s.limiters.page(r); err != nil {
			s.refusePage(w, r, err)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			plain.ServeHTTP(w, r)
			return
		}
		compressed.ServeHTTP(w, r)
	})
}

func (s *Server) servePage(w http.ResponseWriter, r *http.Request) {
	switch err := callerOf(r.Context()).err; {
	case err != nil:
		if _, known := fault.From(err); !known {
			s.opts.Logger.Error("a page's user could not be identified", "error", err)
		}
		s.refusePage(w, r, err)
	case s.pages == nil:
		http.NotFound(w, r)
	default:
		s.pages.ServeHTTP(w, r)
	}
}

// refusePage answers a request for a page with a text.
func (s *Server) refusePage(w http.ResponseWriter, r *http.Request, err error) {
	e, _ := fault.From(err)
	s.refused(r, e)
	w.Header().Set("Cache-Control", "no-store")
	if e.Retry {
		w.Header().Set("Retry-After", "1")
	}
	http.Error(w, e.Message, e.Status())
}

func (s *Server) serveRobots(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	text := "User-agent: *\n"
	for _, path := range []string{"/events", "/poll", "/socket", command.PathPrefix} {
		text += "Disallow: " + s.site.path(path) + "\n"
	}
	// A client that has gone needs no robots.txt.
	_, _ = io.WriteString(w, text)
}
