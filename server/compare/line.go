package compare

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
	cut   bool
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

// news returns what the line has carried since it was asked last.
func (l *line) news() (since traffic, ok bool) {
	now, ok := measure(l.raw)
	if !ok {
		return traffic{}, false
	}
	since = now.minus(l.seen)
	l.seen = now
	return since, true
}

// settle credits the owner with what the line has carried.
func (l *line) settle() {
	if since, ok := l.news(); ok && l.owner != nil {
		l.owner.credit(since)
	}
}

// pass gives the line to the owner of the request that begins. What came in
// since the last one ended is the new request; what went out is the end of the
// last answer, which net/http may have held back until its handler returned.
func (l *line) pass(owner *account) {
	since, ok := l.news()
	if l.owner != nil {
		if ok {
			l.owner.credit(traffic{out: since.out})
		}
		delete(l.owner.lines, l)
	}
	if owner != nil {
		if ok {
			owner.credit(traffic{in: since.in})
		}
		if l.owner != owner {
			owner.count.Opened++
		}
		owner.lines[l] = struct{}{}
	}
	l.owner = owner
}

// alive reports whether the connection is open at this end.
func (l *line) alive() bool { return l.raw.Control(func(uintptr) {}) == nil }

// sever has the connection reset. It is not closed here, under whoever serves
// it: the fast path must take a stream from its watch before it closes it. To
// its owner it looks as if the client had gone, and the owner's own close, for
// which nothing lingers, is the reset.
func (l *line) sever() bool {
	if l.cut || l.tcp.SetLinger(0) != nil || l.tcp.CloseRead() != nil {
		return false
	}
	l.cut = true
	return true
}
