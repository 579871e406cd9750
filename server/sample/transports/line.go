package transports

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"syscall"
)

// A traffic is how many bytes went each way.
type traffic struct{ in, out int64 }

func (t traffic) minus(u traffic) traffic { return traffic{t.in - u.in, t.out - u.out} }

// A line is one client's connection. All but tcp and raw is guarded by Lanes.mu.
type line struct {
	tcp *net.TCPConn
	raw syscall.RawConn

	owner *account // whose the last request was; nil: nobody's
	seen  traffic  // what has been credited
	taken bool     // away from net/http: it is the owner's until it is closed
}

// lineKey finds the line of a request.
type lineKey struct{}

// ConnContext is for [http.Server].ConnContext: it lets requests find their
// connection.
func ConnContext(ctx context.Context, conn net.Conn) context.Context {
	if secure, ok := conn.(*tls.Conn); ok {
		conn = secure.NetConn()
	}
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		return ctx
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return ctx
	}
	return context.WithValue(ctx, lineKey{}, &line{tcp: tcp, raw: raw})
}

// lineOf returns the connection that is the request's alone while it is being
// answered, or nil.
func lineOf(r *http.Request) *line {
	if r.ProtoMajor != 1 {
		return nil
	}
	l, _ := r.Context().Value(lineKey{}).(*line)
	return l
}

// news returns what the line has carried since it was asked last, and takes it
// as told: what came in, too, only if received is set.
func (l *line) news(received bool) (since traffic) {
	now, ok := measure(l.raw)
	if !ok {
		return traffic{}
	}
	since = now.minus(l.seen)
	l.seen.out = now.out
	if received {
		l.seen.in = now.in
	} else {
		since.in = 0
	}
	return since
}

// settle credits the owner with what the line has carried. What came in may be
// the next request already, unless it is known to have been received for this
// one or the line is the owner's for good.
func (l *line) settle(received bool) {
	since := l.news(received || l.taken)
	if l.owner != nil {
		l.owner.credit(since)
	}
}

// leave ends a request. If it had a body, that has come in by now. What else has
// is the next request: an answer that is flushed is read before its handler
// returns.
func (l *line) leave(hadBody bool) { l.settle(hadBody) }

// pass gives the line to the owner of the request that begins. What came in is
// the new request; what went out is the end of the last answer, which net/http
// may have held back until its handler had returned.
func (l *line) pass(owner *account) {
	since := l.news(true)
	if l.owner != nil {
		l.owner.credit(traffic{out: since.out})
		delete(l.owner.lines, l)
	}
	if owner != nil {
		owner.credit(traffic{in: since.in})
		if l.owner != owner {
			owner.count.Opened++
		}
		owner.add(l)
	}
	l.owner = owner
}

// alive reports whether the connection is open at this end.
func (l *line) alive() bool { return l.raw.Control(func(uintptr) {}) == nil }

// sever has the connection reset. It is not closed here, under whoever serves
// it: the fast path must take a stream from its watch before it closes it. To
// its owner it looks as if the client had gone, and the owner's own close, for
// which nothing lingers, is the reset.
func (l *line) sever() bool { return l.tcp.SetLinger(0) == nil && l.tcp.CloseRead() == nil }
