package live

import "net/http"

// Route serves a pattern of [http.ServeMux] by a handler of the program's own, with
// CORS for Options.Origins, for a request whose [Identity] is known, and without
// compression. It must be called before s serves, and panics for a pattern that s
// serves itself. A handler that streams ends when [Server.Draining] is closed.
func (s *Server) Route(pattern string, h http.Handler) {
	s.mux.Handle(pattern, s.crossOrigin(s.withIdentity(h)))
}

// Draining returns a channel that is closed when s begins to shut down: a request
// under way then has some seconds to end by itself.
func (s *Server) Draining() <-chan struct{} { return s.draining.begun }
