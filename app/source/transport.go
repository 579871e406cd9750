package source

import (
	"errors"
	"fmt"
)

// ErrUnsupported says that the platform has no EventSource. It is also an
// [errors.ErrUnsupported].
var ErrUnsupported = fmt.Errorf("source: there is no EventSource here: %w", errors.ErrUnsupported)

// A Transport opens connections to a server. The default one is the browser's
// EventSource.
type Transport interface {
	// Open begins a connection and returns without waiting for it. What
	// becomes of it is told to emit, in order; the signals of one call of emit
	// reach the page as one batch. emit does not block, may be called on any
	// goroutine and also after release, when it does nothing.
	//
	// release ends the connection and frees all that belongs to it. The source
	// calls it exactly once, after which the transport should fall silent. A
	// connection never reconnects by itself.
	Open(r Request, emit func(...Signal)) (release func(), err error)
}

// EventSource is the browser's own, and the default: one request whose answer
// does not end.
type EventSource struct{}

// Name is what [State].Transport says.
func (EventSource) Name() string { return "eventsource" }

// Open implements [Transport].
func (EventSource) Open(r Request, emit func(...Signal)) (release func(), err error) {
	return openEventSource(r, emit)
}

// A Request is what to connect to.
type Request struct {
	URL   string   // with the position in it; may be relative to the page
	Names []string // the frames to listen for
}

// A Signal is something that happened to a connection.
type Signal struct {
	Kind       Kind
	ReadyState ReadyState // as the transport sees itself
	Frame      Frame      // for FrameArrived
	// Transport is the name of the one that this came by, if the one that was
	// opened is made of several.
	Transport string
	// Err is for ConnectionFailed: what the transport knows, often nothing. A
	// [fault.Error] in its chain is the server's own word.
	Err error
}

// A Kind says what a signal is about.
type Kind uint8

// The kinds of signals.
const (
	ConnectionOpened Kind = iota + 1 // the answer has begun and is a stream
	FrameArrived                     // something was said on it
	ConnectionFailed                 // it is over: broken, ended or refused
)

// A Frame is one message of a stream, as an EventSource dispatches it.
type Frame struct {
	Name        string // its event: field
	Data        string // its data: lines, joined
	LastEventID string // the last id: field so far, empty for none
}
