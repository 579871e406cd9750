package transporttest

// Door opens the script's own port, or opens it again after an answer that ended
// with Shut, and returns the origin of what is served there: the same script. A
// page of another origin can read only answers that allow it.
func (s *Server) Door() (origin string) {
	s.t.Helper()
	origin, err := fetch(s.base+"/door", map[string]any{"method": "POST"})
	if err != nil {
		s.t.Fatalf("open a door: %v", err)
	}
	return origin
}
