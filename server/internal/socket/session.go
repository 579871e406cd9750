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

	"github.com/seawaykit/seaway/server/internal/carrier"
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

	slots    chan struct{} // one entry for each command that is under way
	replying sync.Mutex    // to reply
	running  sync.WaitGroup
}

func newSession(h *Handler, conn *websocket.Conn, r *http.Request, timeout time.Duration) *session {
	conn.SetReadLimit(wire.MaxMessage)
	s := &session{
		handler: h, conn: conn, request: r, timeout: timeout,
		slots: make(chan struct{}, h.opts.MaxCommands),
	}
	s.ctx, s.stop = context.WithCancel(r.Context())
	return s
}

// serve streams and reads commands until the client disconnects or the stream
// ends, and waits for the socket's goroutines.
func (s *session) serve(sub carrier.Subscription) {
	s.running.Go(func() {
		defer s.stop()
		s.readCommands()
	})
	err := sub.Stream(s.ctx, s)
	switch {
	case err == nil:
		s.close(websocket.StatusGoingAway)
	case s.ctx.Err() == nil && !errors.Is(err, os.ErrDeadlineExceeded):
		s.close(websocket.StatusTryAgainLater)
	}
	s.stop()
	_ = s.conn.CloseNow() // it is closed already, or the client has gone
	s.running.Wait()
}

// close makes the closing handshake; readCommands reads the client's part of
// it.
func (s *session) close(code websocket.StatusCode) {
	enough := time.AfterFunc(closeTime, s.stop)
	defer enough.Stop()
	_ = s.conn.Close(code, "") // the client has gone if it fails
}

// Write implements [carrier.Output]. The frames are one message.
func (s *session) Write(frames ...[]byte) error {
	ctx, cancel := context.WithTimeout(s.ctx, s.timeout)
	defer cancel()
	err := s.conn.Write(ctx, websocket.MessageText, validText(slices.Concat(frames...)))
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return errors.Join(os.ErrDeadlineExceeded, err)
	}
	return err
}

// Cut implements [carrier.Output]: the connection is closed while it may be in
// use.
func (s *session) Cut() { s.stop() }

// validText replaces invalid UTF-8 in a message, as an EventSource does. A
// browser would close the socket at an event whose payload is not UTF-8 (RFC
// 6455, section 8.1), and so the next socket, and the next.
func validText(message []byte) []byte {
	if utf8.Valid(message) {
		return message
	}
	return bytes.ToValidUTF8(message, []byte("\uFFFD"))
}
