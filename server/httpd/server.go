package httpd

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"time"
)

const (
	// requestTimeout leaves 3 s of the 15 to net/http, which reads on for what a
	// handler has left unread, and waits half a second before it closes.
	requestTimeout = 12 * time.Second
	headerTimeout  = 10 * time.Second
	answerTimeout  = 10 * time.Minute
	idleTimeout    = 2 * time.Minute

	// maxHeader is 64 KiB less what net/http adds to it: over HTTP/1.1 4 KiB, and
	// the 4 KiB that may be in its buffer when it begins to count; over HTTP/2 32
	// bytes for each of ten fields.
	maxHeader = 56 << 10
)

// Options configure a server. The zero value works.
type Options struct {
	// Heartbeat is the streams' heartbeat interval. Default 15 s, as theirs.
	Heartbeat time.Duration
	// WriteTimeout is how long a client of the streams may accept no bytes.
	// Default 30 s, as theirs.
	WriteTimeout time.Duration
}

// deadPeerTimeout returns how long a client may acknowledge nothing. The bytes
// that it is to acknowledge may be as late as the next heartbeat.
func (o Options) deadPeerTimeout() time.Duration { return max(2*o.Heartbeat, o.WriteTimeout) }

// New returns a server of h for HTTP/1.1, and for HTTP/2 over TLS, that is not
// yet serving.
func New(h http.Handler, opts Options) *http.Server {
	opts.Heartbeat = cmp.Or(opts.Heartbeat, 15*time.Second)
	opts.WriteTimeout = cmp.Or(opts.WriteTimeout, 30*time.Second)
	timeout := opts.deadPeerTimeout()
	peers, accepts := newPeerWatch(timeout, opts.Heartbeat), newAccepter()
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(true)
	return &http.Server{
		Handler:           handler{h},
		Protocols:         &protocols,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       requestTimeout,
		WriteTimeout:      answerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		HTTP2: &http.HTTP2Config{
			SendPingTimeout:  opts.Heartbeat,
			PingTimeout:      timeout,
			WriteByteTimeout: timeout,
		},
		ConnContext: func(ctx context.Context, conn net.Conn) context.Context {
			accepts.begin(conn)
			c := peers.add(ctx, conn)
			c.answered = func() { accepts.end(conn) }
			return context.WithValue(ctx, connectionKey{}, c)
		},
		ConnState: accepts.state,
	}
}

// A handler prepares each request.
type handler struct{ next http.Handler }

// ServeHTTP clears the read deadline of a request without a body: net/http goes
// on reading, to detect that the client disconnects, and would mistake the
// deadline's end for that.
func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	noteRequest(r)
	if r.ContentLength == 0 {
		// A connection without deadlines, in a test, has none to lift.
		_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
	}
	h.next.ServeHTTP(w, r)
}
