package reactor

import (
	"context"
	"net"
	"syscall"
	"time"
)

// A Source supplies the bytes for one connection. The connection's loop calls its
// methods, one at a time; they must not block, and may call the methods of Conn.
type Source interface {
	// Ready is called when the connection has room and there may be something to write:
	// after Start, Wake, Again and WakeIn, and when it has room again. It writes a
	// limited amount and calls Again if there is more, since other connections wait.
	Ready()
	// Quiet is called after Ready when nothing has been written for the idle time.
	Quiet()
	// Receive is called with each posted message, whether there is room or not,
	// even before Start and after the end.
	Receive(message any)
	// Closed is called once, when the connection is closed. err is the reason, nil
	// after Finish. Only Receive may be called after it.
	Closed(err error)
}

// A state is what a connection waits for.
//
//	         there may be    the timer wheel    a write does    Close,
//	         something new   comes to it        not fit         an error
//	fresh    nothing         -                  -               closed
//	open     Ready           Ready, or Quiet    blocked         closed
//	blocked  the kept bytes  closed if nothing  blocked         closed
//	         are written;    was taken for the
//	         if all: open,   write timeout
//	         Ready
//	closing  the kept bytes  as blocked         closing         closed
//	         are written;
//	         if all: closed
//	closed   nothing         -                  -               -
//
// Start makes a fresh connection open. Finish makes any but a closed one closing.
type state uint8

const (
	fresh state = iota
	open
	blocked // what is kept does not fit; it is never empty
	closing // likewise, and nothing comes after it
	closed
)

// A Conn is one connection of a reactor. It is a field of its Source, so that the two
// are one allocation, and is set up by [Reactor.Adopt].
type Conn struct {
	loop   *loop
	source Source
	conn   net.Conn
	raw    syscall.RawConn // of conn
	key    uint64          // its key in the poller; 0 until it is polled
	unbind func() bool     // from Start's context; nil if that does not end

	// kept is what must be written before anything else.
	kept  []byte
	since time.Duration // when the connection last took something, or was blocked
	place wheelPlace    // in the loop's timer wheel
	state state
}

// Start begins to write. The connection is closed when ctx ends.
func (c *Conn) Start(ctx context.Context) {
	c.loop.inbox.put(message{conn: c, kind: started, body: ctx})
}

// Wake makes the loop call Ready soon.
func (c *Conn) Wake() { c.loop.inbox.put(message{conn: c, kind: woken}) }

// Post makes the loop call Receive with the message soon.
func (c *Conn) Post(body any) { c.loop.inbox.put(message{conn: c, kind: posted, body: body}) }

// Close closes the connection soon.
func (c *Conn) Close() { c.loop.inbox.put(message{conn: c, kind: gone}) }
