package source

// The methods of this file are drills: a developer's tool uses them to see what
// a page does when things go wrong. Each may be called from anywhere, does not
// block, and does nothing before Start and after the end.

// Drop breaks the connection, as a network would.
func (s *Source) Drop() { s.order((*loop).cut) }

// Gap breaks the connection and has the next one ask for a position that no log
// has ever had, so that the server starts the page over: the page receives a
// reset, and the retained events after it.
func (s *Source) Gap() {
	s.order(func(l *loop) {
		l.instead = nowhere
		l.cut()
	})
}

// Pause takes the source off the network, or lets it come back. Until then it
// is [Offline] and neither a page event nor RetryNow brings it back.
func (s *Source) Pause(on bool) { s.order(func(l *loop) { l.pause(on) }) }
