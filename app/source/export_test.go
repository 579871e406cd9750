package source

import (
	"fmt"
	"io"

	"github.com/seawaykit/seaway/app/transport"
)

// SetConsole has errors that nobody asked for written elsewhere, until undo.
func SetConsole(w io.Writer) (undo func()) {
	was := console
	console = w
	return func() { console = was }
}

// Via has the source use what wrap makes of its transport.
func (s *Source) Via(wrap func(transport.Transport) transport.Transport) {
	s.transport = wrap(s.transport)
}

// Check reports where the loop's mode contradicts the state or the connection. The
// source must have been started, and not be closed.
func (s *Source) Check() error {
	found := make(chan error)
	s.order(func(l *loop) { found <- l.contradiction() })
	return <-found
}

func (l *loop) contradiction() error {
	asks := l.mode == asking || l.mode == reasking
	switch {
	case l.mode.phase() != l.state.Phase:
		return fmt.Errorf("the mode is %v, and the phase is %v", l.mode, l.state.Phase)
	case l.mode.connected() != (l.closeConn != nil):
		return fmt.Errorf("the mode is %v, and there is a connection: %v", l.mode, l.closeConn != nil)
	case asks != (l.inquiry != nil):
		return fmt.Errorf("the mode is %v, and a probe is made: %v", l.mode, l.inquiry != nil)
	case l.joining() != nil && l.mode != live:
		return fmt.Errorf("the mode is %v, and topics are joined", l.mode)
	case (l.mode.isLeft() || l.mode.isPaused() || l.mode == refused) && l.due.isSet():
		return fmt.Errorf("the mode is %v, and something is due", l.mode)
	}
	return nil
}
