package socket

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"

	"github.com/coder/websocket"

	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

// listen takes what the page says, until it closes the socket or says what is
// no command.
func (s *session) listen() {
	for {
		kind, message, err := s.conn.Read(s.ctx)
		if err != nil {
			return
		}
		var c wire.Command
		switch {
		case kind != websocket.MessageText:
			s.close(websocket.StatusUnsupportedData)
			return
		case json.Unmarshal(message, &c) != nil:
			s.close(websocket.StatusPolicyViolation)
			return
		}
		s.take(c)
	}
}

// take starts a command, if there is room for it.
func (s *session) take(c wire.Command) {
	select {
	case s.room <- struct{}{}:
	default:
		s.reply(refusal(c, fault.New(fault.RateLimited, "this socket has %d commands under way", cap(s.room))))
		return
	}
	s.running.Go(func() {
		reply := s.run(c)
		// Room is made before the page can know that there is some, and not
		// before it is this reply's turn: a page that reads nothing gets no more.
		s.turn.Lock()
		defer s.turn.Unlock()
		<-s.room
		s.reply(reply)
	})
}

// reply writes one. If that fails the socket is at its end, and the page asks
// again on the next.
func (s *session) reply(r wire.Reply) { _ = s.Write(sse.EncodeReply(r)) }

// run has a command carried out. Beside net/http's own goroutines nobody else
// stops a panic.
func (s *session) run(c wire.Command) (reply wire.Reply) {
	opts := s.handler.opts
	defer func() {
		if v := recover(); v != nil {
			opts.Logger.Error("a command panicked", "command", c.Command, "panic", v, "stack", string(debug.Stack()))
			reply = refusal(c, fault.New(fault.Internal, "internal error"))
		}
	}()
	switch {
	case opts.Commands == nil:
		return refusal(c, fault.New(fault.Forbidden, "this server accepts no commands on a socket"))
	case event.CheckName(c.Command) != nil: // or it could be another path
		return refusal(c, fault.New(fault.NotFound, "no such command"))
	}
	a := &answer{header: http.Header{}, status: http.StatusOK}
	opts.Commands.ServeHTTP(a, s.post(c))
	reply = wire.Reply{ID: c.ID, Status: a.status}
	if json.Valid(a.body.Bytes()) {
		reply.Body = a.body.Bytes()
	}
	return reply
}

// post returns the request that the command would have been by itself, from the
// same client and with the same identity.
func (s *session) post(c wire.Command) *http.Request {
	r := s.request.Clone(s.ctx)
	r.Method, r.Body, r.ContentLength = http.MethodPost, io.NopCloser(bytes.NewReader(c.Body)), int64(len(c.Body))
	r.URL = &url.URL{Path: command.PathPrefix + c.Command}
	r.RequestURI = r.URL.Path
	for name := range r.Header {
		if name == "Connection" || name == "Upgrade" || strings.HasPrefix(name, "Sec-Websocket-") {
			r.Header.Del(name)
		}
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Del(command.KeyHeader)
	if c.Key != "" {
		r.Header.Set(command.KeyHeader, c.Key)
	}
	return r
}

func refusal(c wire.Command, e *fault.Error) wire.Reply {
	// Its fields are strings, which encode.
	body, _ := json.Marshal(fault.Body{Error: e})
	return wire.Reply{ID: c.ID, Status: e.Status(), Body: body}
}

// An answer is a response that stays in memory.
type answer struct {
	header http.Header
	status int
	wrote  bool
	body   bytes.Buffer
}

// Header implements [http.ResponseWriter].
func (a *answer) Header() http.Header { return a.header }

// WriteHeader implements [http.ResponseWriter].
func (a *answer) WriteHeader(status int) {
	if !a.wrote {
		a.status, a.wrote = status, true
	}
}

// Write implements [http.ResponseWriter].
func (a *answer) Write(p []byte) (int, error) {
	a.wrote = true
	return a.body.Write(p)
}
