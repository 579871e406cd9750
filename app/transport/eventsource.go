package transport

// EventSource is the browser's own: one request whose answer does not end.
type EventSource struct{}

// Name returns "eventsource".
func (EventSource) Name() string { return "eventsource" }

// Open implements [Transport].
func (EventSource) Open(r Request, emit func(...Signal)) (release func(), err error) {
	return openEventSource(r, emit)
}

// Supported reports whether this platform has one.
func (EventSource) Supported() bool { return hasEventSource() }
