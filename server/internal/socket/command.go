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

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

// readCommands reads the page's commands, until the page closes the socket or
// sends a message that is not a command.
func (s *session) readCommands() {
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
		s.start(c)
	}
}

// start starts a command, unless too many are under way.
func (s *session) start(c wire.Command) {
	select {
	case s.slots <- struct{}{}:
	default:
		s.reply(refusal(c, fault.New(fault.RateLimited, "this socket has %d commands under way", cap(s.slots))))
		return
	}
	s.running.Go(func() {
		reply := s.run(c)
		// The slot is freed before the page can get the reply, and not before the
		// earlier replies are written: a page that does not read can start no
		// more commands.
		s.replying.Lock()
		defer s.replying.Unlock()
		<-s.slots
		s.reply(reply)
	})
}

// run executes a command. This goroutine is not net/http's, which would recover
// a panic, so run does.
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
	a := &memoryResponse{header: http.Header{}, status: http.StatusOK}
	opts.Commands.ServeHTTP(a, s.post(c))
	reply = wire.Reply{ID: c.ID, Status: a.status}
	if json.Valid(a.body.Bytes()) {
		reply.Body = a.body.Bytes()
	}
	return reply
}

// post returns the command as the POST request that it would be outside a
// socket, from the same client and with the same identity.
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
	r.Header.Del(command.IdempotencyKeyHeader)
	if c.Key != "" {
		r.Header.Set(command.IdempotencyKeyHeader, c.Key)
	}
	return r
}

func refusal(c wire.Command, e *fault.Error) wire.Reply {
	// Its fields are strings, which encode.
	body, _ := json.Marshal(fault.Body{Error: e})
	return wire.Reply{ID: c.ID, Status: e.Status(), Body: body}
}

// A memoryResponse is an [http.ResponseWriter] that collects the response in
// memory.
type memoryResponse struct {
	header http.Header
	status int
	wrote  bool
	body   bytes.Buffer
}

// Header implements [http.ResponseWriter].
func (a *memoryResponse) Header() http.Header { return a.header }

// WriteHeader implements [http.ResponseWriter].
func (a *memoryResponse) WriteHeader(status int) {
	if !a.wrote {
		a.status, a.wrote = status, true
	}
}

// Write implements [http.ResponseWriter].
func (a *memoryResponse) Write(p []byte) (int, error) {
	a.wrote = true
	return a.body.Write(p)
}
