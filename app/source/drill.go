package source

import "errors"

// The methods of this file are drills: a developer's tool uses them to see what
// a page does when things go wrong. Each may be called from anywhere, does not
// block, and does nothing before Start and after the end.

var errDropped = errors.New("a developer dropped the connection")

// Drop breaks the connection, as a network would.
func (s *Source) Drop() {
	s.orders.put(func(l *loop) {
		if l.hangUp != nil {
			l.lose(Signal{ReadyState: ReadyConnecting, Err: errDropped})
		}
	})
}

// Gap breaks the connection and has the next one ask for a position that no log
// has ever had, so that the server starts the page over: the page is told a
// reset, and the retained events after it.
func (s *Source) Gap() {
	s.orders.put(func(l *loop) {
		l.astray = true
		if l.hangUp != nil {
			l.lose(Signal{ReadyState: ReadyConnecting, Err: errDropped})
		}
	})
}

// Pause takes the source off the network, or lets it come back. Until then it
// is [Offline] and neither a poke nor RetryNow brings it back.
func (s *Source) Pause(on bool) {
	s.orders.put(func(l *loop) {
		switch was := l.paused; {
		case on == was:
			return
		case on:
			l.paused = true
			l.rest(Offline, Reason{Text: "a developer paused the source"})
		default:
			l.paused = false
			l.resume()
		}
	})
}

// resume begins anew after a pause, unless the page was left in the meantime.
func (l *loop) resume() {
	if l.away {
		l.rest(Stale, left)
		return
	}
	l.try(Connecting, 1, Reason{})
}
