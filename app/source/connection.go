package source

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/seawaykit/seaway/app/internal/tabs"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// nowhere is a position of no log: the server can only answer with a reset.
var nowhere = event.Position("nowhere", 0)

// names lists the frames to listen for: an EventSource drops frames
// without a listener for their name.
func (l *loop) names() []string {
	return slices.Concat(wire.Names, slices.Sorted(maps.Keys(l.handlers)))
}

// dial opens a connection that resumes after the position.
func (l *loop) dial() (err error) {
	l.drop()
	after := l.after
	if !l.instead.IsZero() {
		after = l.instead
	}
	if topics := l.Topics(); len(topics) > 0 {
		l.asked = topics // otherwise the server would refuse the stream
	}
	if l.url, err = l.opts.address(l.asked, after, false); err != nil {
		return err
	}
	closeConn, err := l.transport.Open(transport.Request{URL: l.url, Names: l.names()}, l.inbox.renew())
	if err != nil {
		return err
	}
	l.closeConn, l.carrier = closeConn, transport.Name(l.transport)
	return nil
}

// dialed takes note of a connection that was begun.
func (l *loop) dialed() {
	l.note(Trace{Kind: Dialed, Transport: l.carrier, URL: l.url})
}

// drop ends the connection, if there is one, or the question why there is none.
// What it has brought and the page has not received is dropped: the next
// connection brings it again.
func (l *loop) drop() {
	if l.closeConn != nil {
		l.closeConn()
		l.closeConn = nil
	}
	if l.inquiry != nil {
		l.inquiry.cancel()
		l.inquiry = nil
	}
	l.parkJoins()
}

// learn takes note of what a signal says of the transport that it came by.
func (l *loop) learn(s transport.Signal) {
	if s.Transport != "" {
		l.carrier = s.Transport
	}
	switch {
	case s.Kind == transport.ConnectionOpened:
	case errors.Is(s.Err, tabs.ErrNoHello):
		l.choice.learn(noHello)
	default:
		l.choice.learn(progress)
	}
}

// An inquiry is a probe that is being made.
type inquiry struct {
	url     string
	cancel  context.CancelFunc
	answers chan finding // one slot
}

// A finding is what came of it.
type finding struct {
	transport.Answer
	err error
}

// reason says why there is no stream.
func (f finding) reason() Reason {
	if f.err != nil {
		return Reason{Text: "the server did not answer with a stream"}
	}
	return Reason{Text: f.Explain(), Status: f.Status, Fault: f.Fault()}
}

// answer returns where the finding comes; nothing comes from no inquiry.
func (q *inquiry) answer() <-chan finding {
	if q == nil {
		return nil
	}
	return q.answers
}

// inquire asks why there is no stream. The time for a hello bounds it, and the
// phase stays what it is until the answer is known. It runs once for each
// failed try.
func (l *loop) inquire() {
	l.drop()
	l.shift(l.mode.ask())
	l.inquiry = l.probe(l.url)
}

// probe asks what is at a stream's address.
func (l *loop) probe(stream string) *inquiry {
	ctx, cancel := context.WithCancel(context.Background())
	q := &inquiry{url: transport.Target(l.transport, stream), cancel: cancel, answers: make(chan finding, 1)}
	l.probes.Go(func() {
		a, err := l.opts.Probe(ctx, q.url)
		q.answers <- finding{a, err}
	})
	return q
}
