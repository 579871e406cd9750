package sse

import (
	"log/slog"
	"net"
	"syscall"
	"time"

	"github.com/seawaykit/seaway/server/fanout"
)

// A stream is one reader on the fast path: a connection, a cursor, and no
// goroutine. Its writer owns it. Others only put notes into the writer's inbox.
type stream struct {
	writer  *writer
	conn    net.Conn
	raw     syscall.RawConn // of conn
	cursor  *fanout.Cursor
	release func()       // counts it out
	log     *slog.Logger // nil: nobody wants to know
	last    int          // how many events the client wants after a reset
	key     uint64       // its name in the watch
	unbind  func() bool  // from the server's context; nil if that does not end

	// rest is what must be written before anything else: a control frame, or
	// the part of a frame that the connection had no room for. It is a part of
	// bytes that are shared, and the cursor is already behind it.
	rest  []byte
	since time.Duration // when the connection last took something, or was parked
	spoke spoke         // its place in the writer's wheel

	chunked bool // the client speaks HTTP/1.1
	parked  bool // the connection has no room
	away    bool // it needs a replay, or is in one: it gets a note with a page
	lost    bool // and what it needs is a restart
	held    bool // and the cursor is in the restart's hands
	leaving bool // bye is the next thing it gets
	ending  bool // rest is its bye
	closed  bool
}

// wake, leave and cut may be called by anyone.

func (s *stream) wake()  { s.writer.inbox.put(note{stream: s, what: woken}) }
func (s *stream) leave() { s.writer.inbox.put(note{stream: s, what: leaving}) }
func (s *stream) cut()   { s.writer.inbox.put(note{stream: s, what: gone}) }
