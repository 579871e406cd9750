package httpd

import (
	"errors"
	"net"
	"sync"
	"time"

	"github.com/seawaykit/seaway/shared/fault"
)

// Listen returns a listener of the connections that l accepts, with the addresses of the
// clients for whom the proxies have opened them: by HAProxy's PROXY protocol, of either
// version. Wrap it by TLS, not the other way round. Closing it closes l.
//
// A connection from a proxy's network must begin with a header within 10 s, or it is
// closed, with a line in the log at most every 10 s. A header without an address, as of
// a health check, leaves the connection the proxy's own. Any other connection is a
// client's and has no header: what looks like one is a bad request.
//
// Forwarded and X-Forwarded-* are the client's own then, and not believed unless its
// address is itself a proxy's.
func (p *Proxies) Listen(l net.Listener) net.Listener {
	return &proxyListener{
		Listener: l, proxies: p, accepted: make(chan accepted), closed: make(chan struct{}), reading: map[net.Conn]struct{}{}, within: headerTimeout,
	}
}

// A proxyListener reads the headers of many connections at once: a slow one holds up none.
type proxyListener struct {
	net.Listener
	proxies  *Proxies
	accepted chan accepted
	start    sync.Once
	running  sync.WaitGroup
	refused  fault.Warning
	within   time.Duration // a header has to be there

	mu      sync.Mutex
	closed  chan struct{}
	isEnded bool
	reading map[net.Conn]struct{} // connections whose header is being read
}

type accepted struct {
	conn net.Conn
	err  error
}

// Accept implements [net.Listener].
func (l *proxyListener) Accept() (net.Conn, error) {
	l.start.Do(func() { l.goUnlessClosed(nil, l.run) })
	select {
	case a := <-l.accepted:
		return a.conn, a.err
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close implements [net.Listener]. It ends the reading of headers, and returns when that
// has ended.
func (l *proxyListener) Close() error {
	err := l.Listener.Close()
	l.mu.Lock()
	if !l.isEnded {
		l.isEnded = true
		close(l.closed)
	}
	for conn := range l.reading {
		conn.Close()
	}
	l.mu.Unlock()
	l.running.Wait()
	return err
}

// goUnlessClosed runs fn, with which conn is closed if the listener is.
func (l *proxyListener) goUnlessClosed(conn net.Conn, fn func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.isEnded {
		if conn != nil {
			conn.Close()
		}
		return
	}
	if conn != nil {
		l.reading[conn] = struct{}{}
	}
	l.running.Go(fn)
}

// run accepts connections until the listener fails or is closed.
func (l *proxyListener) run() {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			l.handOver(accepted{err: err})
			if errors.Is(err, net.ErrClosed) {
				return
			}
			continue // net/http waits before it asks again
		}
		tcp, ok := conn.(*net.TCPConn)
		if from, known := addressOf(conn.RemoteAddr().String()); !ok || !known || !l.proxies.trusts(from) {
			l.handOver(accepted{conn: conn})
			continue
		}
		l.goUnlessClosed(tcp, func() { l.read(tcp) })
	}
}

// handOver waits until the connection is accepted, or closes it with the listener.
func (l *proxyListener) handOver(a accepted) {
	select {
	case l.accepted <- a:
	case <-l.closed:
		if a.conn != nil {
			a.conn.Close()
		}
	}
}

// read reads the header of a proxy's connection.
func (l *proxyListener) read(conn *net.TCPConn) {
	h, err := l.header(conn)
	l.mu.Lock()
	delete(l.reading, conn)
	l.mu.Unlock()
	if err != nil {
		l.refused.Log(l.proxies.logger, "a connection of a proxy was closed, since it does not begin with a header of the PROXY protocol (-proxy-protocol)",
			"proxy", conn.RemoteAddr().String(), "error", err)
		conn.Close()
		return
	}
	c := &proxiedConn{TCPConn: conn, client: conn.RemoteAddr(), secure: h.secure}
	if h.client != nil {
		c.client = h.client
	}
	l.handOver(accepted{conn: c})
}

func (l *proxyListener) header(conn *net.TCPConn) (h proxyHeader, err error) {
	if err := conn.SetReadDeadline(time.Now().Add(l.within)); err != nil {
		return h, err
	}
	if h, err = readProxyHeader(conn); err != nil {
		return h, err
	}
	return h, conn.SetReadDeadline(time.Time{})
}

// A proxiedConn is a connection that a proxy has opened for a client.
type proxiedConn struct {
	*net.TCPConn
	client net.Addr
	secure bool
}

// RemoteAddr returns the client's address.
func (c *proxiedConn) RemoteAddr() net.Addr { return c.client }

// NetConn returns the connection as it is: nothing is left in it but the client's bytes.
func (c *proxiedConn) NetConn() net.Conn { return c.TCPConn }

// Unwrapped returns the same, for writing to it past this one: see package reactor.
func (c *proxiedConn) Unwrapped() *net.TCPConn { return c.TCPConn }

// isSecure reports whether a proxy has said that a connection's client speaks TLS.
func isSecure(conn net.Conn) bool {
	c, ok := conn.(*proxiedConn)
	return ok && c.secure
}
