package live

import (
	"net/http"
	"strings"

	"github.com/seawaykit/seaway/shared/command"
)

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

// routeOf returns the pattern by which a request is served, or the path of its command:
// nothing in it is of the client's choice.
func (s *Server) routeOf(r *http.Request) string {
	_, pattern := s.mux.Handler(r)
	switch name, is := strings.CutPrefix(r.URL.Path, command.PathPrefix); {
	case is && s.commands.Has(name):
		return r.URL.Path
	case pattern == "/":
		return "a page"
	}
	return pattern
}
