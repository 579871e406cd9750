package sourcetest

import "github.com/seawaykit/seaway/app/transport"

// A Conn is one connection, seen from the server's side. Frames sent after the
// source released it are dropped, as a browser drops them.
type Conn struct {
	// Request is what the source asked for.
	Request transport.Request

	transport *Transport
	emit      func(...transport.Signal)
	released  chan struct{}
}

// Accept reports that the answer has begun. Nothing requires it before Send.
func (c *Conn) Accept() {
	c.emit(transport.Opened())
}

// Send says frames. They reach the page as one batch.
func (c *Conn) Send(frames ...transport.Frame) {
	c.emit(transport.Arrived(frames...)...)
}

// Break ends the connection, as when the server is killed or ends its answer.
func (c *Conn) Break() {
	c.emit(transport.Signal{Kind: transport.ConnectionFailed, ReadyState: transport.ReadyConnecting})
}

// Reject answers with something that is not a stream: another status than 200,
// or another content type. A page cannot distinguish them.
func (c *Conn) Reject() {
	c.emit(transport.Signal{Kind: transport.ConnectionFailed, ReadyState: transport.ReadyClosed})
}

// Fail ends the connection with what the transport knows of the reason.
func (c *Conn) Fail(err error) {
	c.emit(transport.Signal{Kind: transport.ConnectionFailed, ReadyState: transport.ReadyClosed, Err: err})
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
