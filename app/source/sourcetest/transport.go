// Package sourcetest lets a test be the server of a [source.Source]: it takes
// each connection, says frames on it and breaks it, without a browser.
//
//	server := sourcetest.NewTransport()
//	src := source.New(source.Options{Topics: []string{"room.lobby"}, Transport: server})
//	...
//	conn := server.Next()
//	conn.Send(sourcetest.Hello(wire.Live, at), sourcetest.Event(chat.Posted, id, message))
//	conn.Break()
//
// What is sent has been queued when Send returns, not handled. In a bubble of
// testing/synctest, where the waits between tries take no time, synctest.Wait
// returns when it has been.
package sourcetest

import (
	"sync"

	"github.com/seawaykit/seaway/app/transport"
)

// A Transport is a [transport.Transport] whose connections a test drives. It starts
// no goroutine and is safe for concurrent use. Make one with [NewTransport].
type Transport struct {
	mu      sync.Mutex
	arrived sync.Cond
	waiting []*Conn // opened and not yet returned by Next
	opened  int
	open    int
	refusal error
}

// NewTransport returns a Transport that accepts every connection.
func NewTransport() *Transport {
	t := &Transport{}
	t.arrived.L = &t.mu
	return t
}

// Open implements [transport.Transport].
func (t *Transport) Open(r transport.Request, emit func(...transport.Signal)) (release func(), err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.opened++
	if t.refusal != nil {
		return nil, t.refusal
	}
	c := &Conn{Request: r, transport: t, emit: emit, released: make(chan struct{})}
	t.open++
	t.waiting = append(t.waiting, c)
	t.arrived.Signal()
	return c.release, nil
}

// Next waits for the next connection. It has no time-out of its own: that of
// the test run, or the deadlock a bubble detects, ends a test whose connection
// does not come.
func (t *Transport) Next() *Conn {
	t.mu.Lock()
	defer t.mu.Unlock()
	for len(t.waiting) == 0 {
		t.arrived.Wait()
	}
	c := t.waiting[0]
	t.waiting = t.waiting[1:]
	return c
}

// Refuse makes Open return err from now on; nil ends that.
func (t *Transport) Refuse(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.refusal = err
}

// Opened returns how often a source tried to connect.
func (t *Transport) Opened() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.opened
}

// Unreleased returns how many connections the source still holds.
func (t *Transport) Unreleased() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.open
}
