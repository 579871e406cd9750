package tabs

import (
	"errors"
	"net/url"
	"slices"
	"time"

	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

// A conn is a connection of a member's own.
type conn struct {
	scope   scope
	release func()
	receive func([]transport.Signal) // on the member's goroutine, until it is released
}

// open opens one that resumes after the position.
func (m *member) open(s scope, catchUp bool, receive func([]transport.Signal)) (*conn, error) {
	c := &conn{scope: s, receive: receive}
	release, err := m.inner.Open(m.requestOf(s, catchUp), func(signals ...transport.Signal) {
		copied := slices.Clone(signals)
		m.mail.Put(func() {
			if m.own == c || m.next == c {
				c.receive(copied)
			}
		})
	})
	c.release = release
	return c, err
}

// requestOf returns what a connection of a scope asks for.
func (m *member) requestOf(s scope, catchUp bool) transport.Request {
	r := m.request.From(m.pos())
	u, err := url.Parse(r.URL)
	if err != nil {
		return r // it has been parsed before
	}
	q := u.Query()
	if !s.equals(m.scope) {
		q[wire.TopicParam], r.Names = s.Topics, s.Names
	}
	if catchUp {
		q.Set(wire.CatchUpParam, "1")
	}
	u.RawQuery = q.Encode()
	r.URL = u.String()
	return r
}

// dial opens a connection of the caller's scope, in the place of any other.
func (m *member) dial(catchUp bool, receive func([]transport.Signal)) {
	m.drop()
	c, err := m.open(m.scope, catchUp, receive)
	if err != nil {
		m.fail(err)
		return
	}
	m.link, m.own = dialed, c
}

// drop ends the connections of its own, if there are any.
func (m *member) drop() {
	if m.own != nil {
		m.own.release()
	}
	m.link, m.own = none, nil
	m.dropNext()
}

// pass sends the caller what is in its scope. If that is less than has come it is sent a
// heartbeat now and then, since it is neither left behind nor silent.
func (m *member) pass(signals []transport.Signal) {
	kept, dropped := signals[:0], false
	for i := range signals {
		s := &signals[i]
		if dropped = s.Kind == transport.FrameArrived && !m.scope.has(s.Frame); !dropped {
			kept = append(kept, *s)
		}
	}
	if dropped && !m.pos().IsZero() && time.Since(m.passed) >= heartbeatOf(m.hello)/2 { // the last one
		at := m.pos().String()
		kept = append(kept, transport.Arrived(transport.Frame{Name: wire.HeartbeatName, Data: at, LastEventID: at})...)
	}
	if len(kept) > 0 {
		m.passed = time.Now()
		m.emit(kept...)
	}
}

// isRefusal reports whether a signal is the server's refusal of what was asked for.
func isRefusal(s transport.Signal) bool {
	var refusal *fault.Error
	return s.Frame.Name == wire.FaultName || errors.As(s.Err, &refusal)
}

// broken is the end of a connection for a tab that did not ask for what was refused: it
// comes back, and asks for its own.
var broken = transport.Signal{Kind: transport.ConnectionFailed, ReadyState: transport.ReadyConnecting}
