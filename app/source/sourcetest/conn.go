package sourcetest

import (
	"github.com/seawaykit/seaway/app/source"
)

// A Conn is one connection, seen from the server's side. What it is told after
// the source released it comes to nothing, as it would from a browser.
type Conn struct {
	// Request is what the source asked for.
	Request source.Request

	transport *Transport
	emit      func(...source.Signal)
	released  chan struct{}
}

// Accept reports that the answer has begun. Nothing requires it before Send.
func (c *Conn) Accept() {
	c.emit(source.Signal{Kind: source.ConnectionOpened, ReadyState: source.ReadyOpen})
}

// Send says frames. They reach the page as one batch.
func (c *Conn) Send(frames ...source.Frame) {
	signals := make([]source.Signal, len(frames))
	for i, f := range frames {
		signals[i] = source.Signal{Kind: source.FrameArrived, ReadyState: source.ReadyOpen, Frame: f}
	}
	c.emit(signals...)
}

// Break ends the connection, as when the server is killed or ends its answer.
func (c *Conn) Break() {
	c.emit(source.Signal{Kind: source.ConnectionFailed, ReadyState: source.ReadyConnecting})
}

// Reject answers with something that is not a stream: another status than 200,
// or another content type. A page cannot tell which.
func (c *Conn) Reject() {
	c.emit(source.Signal{Kind: source.ConnectionFailed, ReadyState: source.ReadyClosed})
}

// Fail ends the connection with what the transport knows of the reason.
func (c *Conn) Fail(err error) {
	c.emit(source.Signal{Kind: source.ConnectionFailed, ReadyState: source.ReadyClosed, Err: err})
}

// Released is closed when the source has let go of the connection.
func (c *Conn) Released() <-chan struct{} { return c.released }

// release panics if the source calls it twice, which closes released twice.
func (c *Conn) release() {
	close(c.released)
	c.transport.mu.Lock()
	defer c.transport.mu.Unlock()
	c.transport.open--
}
