package transport

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
	FrameArrived                     // a frame came
	ConnectionFailed                 // it is over: broken, ended or refused
)

// A ReadyState is EventSource's own idea of its connection (HTML Standard,
// section 9.2.2).
type ReadyState uint8

// The ready states of an EventSource.
const (
	ReadyConnecting ReadyState = 0
	ReadyOpen       ReadyState = 1
	ReadyClosed     ReadyState = 2
)

// Opened returns the signal that an answer has begun and is a stream.
func Opened() Signal { return Signal{Kind: ConnectionOpened, ReadyState: ReadyOpen} }

// Arrived returns frames as signals.
func Arrived(frames ...Frame) []Signal {
	signals := make([]Signal, len(frames))
	for i, f := range frames {
		signals[i] = Signal{Kind: FrameArrived, ReadyState: ReadyOpen, Frame: f}
	}
	return signals
}
