package transporttest

import (
	_ "embed"
	"syscall/js"
)

//go:embed frame.js
var inFrame string

// A Frame is a document of a script's own, below the script's path. What is done
// to it does not concern the test's own page.
type Frame struct {
	Window      js.Value
	EventSource js.Value // the frame's, or a class that behaves like it
}

// Frame loads a frame from an origin: that of a door, or "" for the page's own.
// The end of the test removes it.
func (s *Server) Frame(origin string) Frame {
	s.t.Helper()
	return s.load(origin + s.base + "/frame")
}

// Controlled loads a frame whose requests go through a service worker: that of
// Handler.Worker, with something of the test's own that runs first in it.
func (s *Server) Controlled(origin, first string) Frame {
	s.t.Helper()
	if _, err := fetch(s.base+"/worker", map[string]any{"method": "POST", "body": first}); err != nil {
		s.t.Fatalf("set a worker: %v", err)
	}
	return s.load(origin + s.base + "/frame?controlled")
}

func (s *Server) load(address string) Frame {
	s.t.Helper()
	loaded, err := await(js.Global().Call("eval", inFrame).Invoke(address))
	if err != nil {
		s.t.Fatalf("load a frame: %v", err)
	}
	frame := loaded.Get("frame")
	s.t.Cleanup(func() { frame.Call("remove") })
	return Frame{Window: frame.Get("contentWindow"), EventSource: loaded.Get("EventSource")}
}
