package socket

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/coder/websocket"

	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/wire"
)

// closeTime bounds the closing handshake. A browser answers at once.
const closeTime = time.Second

// A session is one open socket. It is the output of its stream.
type session struct {
	handler *Handler
	conn    *websocket.Conn
	request *http.Request   // that of the upgrade
	ctx     context.Context // ends with the session
	stop    context.CancelFunc
	timeout time.Duration // of a write

	room    chan struct{} // one entry for each command that is under way
	turn    sync.Mutex    // to reply
	running sync.WaitGroup
}

func newSession(h *Handler, conn *websocket.Conn, r *http.Request, timeout time.Duration) *session {
	conn.SetReadLimit(wire.MaxMessage)
	s := &session{
		handler: h, conn: conn, request: r, timeout: timeout,
		room: make(chan struct{}, h.opts.MaxCommands),
	}
	s.ctx, s.stop = context.WithCancel(r.Context())
	return s
}

// serve streams and listens until the client goes or the stream ends, and waits
// for all that belongs to the socket.
func (s *session) serve(visit *sse.Visit) {
	s.running.Go(func() {
		defer s.stop()
		s.listen()
	})
	err := visit.Stream(s.ctx, s)
	switch {
	case err == nil:
		s.close(websocket.StatusGoingAway)
	case s.ctx.Err() == nil && !errors.Is(err, os.ErrDeadlineExceeded):
		s.close(websocket.StatusTryAgainLater)
	}
	s.stop()
	_ = s.conn.CloseNow() // it has been closed, or there is nobody to tell
	s.running.Wait()
}

// close makes the closing handshake, for which listen hears the client's part.
func (s *session) close(code websocket.StatusCode) {
	enough := time.AfterFunc(closeTime, s.stop)
	defer enough.Stop()
	_ = s.conn.Close(code, "") // the client has gone if it fails
}

// Write implements [sse.Output]. The frames are one message.
func (s *session) Write(frames ...[]byte) error {
	ctx, cancel := context.WithTimeout(s.ctx, s.timeout)
	defer cancel()
	err := s.conn.Write(ctx, websocket.MessageText, text(slices.Concat(frames...)))
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return errors.Join(os.ErrDeadlineExceeded, err)
	}
	return err
}

// Cut implements [sse.Output]: the connection is closed under whoever uses it.
func (s *session) Cut() { s.stop() }

// text makes a message one that a browser takes. It would close the socket, and
// the next, and the next, at an event whose payload is not UTF-8 (RFC 6455,
// section 8.1); an EventSource shows the same replacement characters.
func text(message []byte) []byte {
	if utf8.Valid(message) {
		return message
	}
	return bytes.ToValidUTF8(message, []byte("\uFFFD"))
}
