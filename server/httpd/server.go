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

// Options configure a server. The zero value is good.
type Options struct {
	// Heartbeat is the streams' heartbeat interval. Default 15 s, which is theirs.
	Heartbeat time.Duration
	// WriteTimeout is for how long a reader of the streams may take nothing.
	// Default 30 s, likewise.
	WriteTimeout time.Duration
}

// silence returns for how long a client may acknowledge nothing. What it is to
// acknowledge may be as late as the next heartbeat.
func (o Options) silence() time.Duration { return max(2*o.Heartbeat, o.WriteTimeout) }

// New returns a server of HTTP/1.1, and of HTTP/2 over TLS, that is not yet
// serving.
func New(h http.Handler, opts Options) *http.Server {
	opts.Heartbeat = cmp.Or(opts.Heartbeat, 15*time.Second)
	opts.WriteTimeout = cmp.Or(opts.WriteTimeout, 30*time.Second)
	silence := opts.silence()
	watch := newWatch(silence, opts.Heartbeat)
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
			PingTimeout:      silence,
			WriteByteTimeout: silence,
		},
		ConnContext: func(ctx context.Context, conn net.Conn) context.Context {
			return context.WithValue(ctx, connectionKey{}, watch.join(ctx, conn))
		},
	}
}

// A handler begins each request.
type handler struct{ next http.Handler }

// ServeHTTP serves a request. What has no body has arrived: net/http goes on
// reading, to notice when the client goes, and would take the end of its deadline
// for that.
func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	note(r)
	if r.ContentLength == 0 {
		// A connection without deadlines, in a test, has none to lift.
		_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
	}
	h.next.ServeHTTP(w, r)
}
