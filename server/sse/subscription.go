package sse

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"net"
	"net/http"
	"time"

	"github.com/seawaykit/seaway/server/httpd"
	"github.com/seawaykit/seaway/server/internal/carrier"
	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/server/internal/reactor"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

// openTime bounds what comes before the first frame, which is due in a second.
const openTime = time.Second

// A subscription is a client's request that was admitted: its topics are checked and
// authorised, and it counts as a stream. It is served as the request's response, as the
// answer to a poll, or over another transport. Subscriptions of the server's own code
// are of type [Subscription].
type subscription struct {
	handler *Handler
	req     request
	r       *http.Request
	grant   *grant
	release func()
	log     *slog.Logger // nil: this level is not logged
}

// subscribe admits a request: see carrier.Streams.
func (h *Handler) subscribe(w http.ResponseWriter, r *http.Request) (*subscription, error) {
	req, err := parse(r, h.opts)
	if err != nil {
		return nil, err
	}
	revision := h.revision() // before the rules are asked
	identity, err := h.opts.Authorize(r, req.topics)
	if err != nil {
		return nil, err
	}
	release, err := h.admit(h.placeOf(r, identity))
	if err != nil {
		return nil, err
	}
	// It fails where deadlines are not supported, and there is none to lift.
	_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
	release = h.connect(r, identity, req.topics, release)
	return &subscription{handler: h, req: req, r: r, grant: h.newGrant(r, identity, req.topics, revision), release: release, log: h.logger(identity, req, r)}, nil
}

// connect calls OnConnect, and returns a release that first calls what OnConnect
// returned: Shutdown waits for release.
func (h *Handler) connect(r *http.Request, identity string, topics []string, release func()) func() {
	if h.opts.OnConnect == nil {
		return release
	}
	disconnect := h.opts.OnConnect(r, identity, topics)
	if disconnect == nil {
		return release
	}
	return func() {
		disconnect()
		release()
	}
}

// logger returns a logger for one stream, or nil if the level is not logged: a logger of
// its own costs a stream half a kilobyte.
func (h *Handler) logger(identity string, req request, r *http.Request) *slog.Logger {
	if !h.opts.Logger.Enabled(r.Context(), slog.LevelDebug) {
		return nil
	}
	return h.opts.Logger.With("identity", identity, "topics", req.topics, "remote", r.RemoteAddr)
}

// serve opens a cursor and serves the subscription on one of the two paths.
func (s *subscription) serve(w http.ResponseWriter) {
	h := s.handler
	cursor, at, failed := s.open(s.r.Context())
	if failed != nil {
		defer s.release()
		h.fail(w, h.fault(failed))
		return
	}
	hello := h.firstFrames(at)
	var conn net.Conn
	var base context.Context
	if h.fast != nil {
		conn, base = h.fast.reactor.Hijack(w, s.r)
	}
	if conn == nil {
		defer s.release() // a middleware's writer may panic
		out := newResponse(w, h.opts.WriteTimeout)
		out.head()
		if s.follow(s.r.Context(), cursor, s.output(out), hello) != nil { // it is logged already
			out.Cut() // or net/http would end the response as a complete one
		}
		return
	}
	chunked := s.r.ProtoAtLeast(1, 1)
	head := head(w.Header(), chunked, time.Now())
	if raw, ok := reactor.Descriptor(conn); ok {
		h.fast.add(base, s.stream(cursor, chunked), s.grant, conn, raw, append(head, wireBytes(hello, chunked)...))
		return
	}
	s.r = nil
	go s.writeTo(base, newHijacked(conn, h.opts.WriteTimeout, head, chunked), cursor, hello)
}

// writeTo serves the stream on a hijacked connection, after the handler has returned:
// until then net/http keeps the request and its buffers, 12 KiB.
func (s *subscription) writeTo(base context.Context, out *hijacked, cursor *fanout.Cursor, hello []byte) {
	defer s.release()
	defer out.close()
	if s.follow(out.context(base), cursor, s.output(out), hello) == nil {
		out.complete()
	}
}

// Stream implements carrier.Subscription.
func (s *subscription) Stream(ctx context.Context, out carrier.Output) error {
	cursor, at, failed := s.open(ctx)
	if failed != nil {
		_ = out.Write(s.handler.fault(failed)) // the client has gone if this fails
		return failed
	}
	return s.follow(ctx, cursor, s.output(out), s.handler.firstFrames(at))
}

// WriteTimeout implements carrier.Subscription.
func (s *subscription) WriteTimeout() time.Duration { return s.handler.opts.WriteTimeout }

// Close implements carrier.Subscription.
func (s *subscription) Close() { s.release() }

// open opens a cursor; a position that is not a valid id makes it a reset.
func (s *subscription) open(ctx context.Context) (*fanout.Cursor, fanout.Opening, *fault.Error) {
	ctx, cancel := context.WithTimeout(ctx, openTime)
	defer cancel()
	cursor, at, err := s.handler.hub.Open(ctx, s.req.topics, s.req.start, nil)
	if err == nil && s.req.malformed {
		at, err = cursor.Restart(ctx, s.req.start.Last)
		at.Reason = wire.Malformed
		if err != nil {
			cursor.Close()
		}
	}
	if err != nil {
		return nil, at, forClient(err)
	}
	if at.Mode == wire.Reset {
		s.handler.counters.resets.Add(1)
	}
	s.debug("stream begins")
	return cursor, at, nil
}

// output returns the output of a stream.
func (s *subscription) output(out carrier.Output) output {
	return &streamOutput{out, s.handler.opts.Heartbeat, s.req.catchUp}
}

// stream returns the stream that serves the subscription on the fast path.
func (s *subscription) stream(cursor *fanout.Cursor, chunked bool) *stream {
	last := min(s.req.start.Last, math.MaxInt32)
	return &stream{cursor: cursor, release: s.release, log: s.log, last: int32(last), chunked: chunked, catchUp: s.req.catchUp}
}

// follow serves the stream from this goroutine.
func (s *subscription) follow(ctx context.Context, cursor *fanout.Cursor, out output, first []byte) error {
	h := s.handler
	if s.r != nil { // else its connection was taken over, and the server knows
		httpd.Answered(s.r)
	}
	f := newPump(h, cursor, s.req.start.Last, s.grant)
	h.counters.plain.Add(1)
	err := f.run(ctx, out, first)
	h.counters.plain.Add(-1)
	cursor.Close()
	s.debug("stream ends", "error", err)
	if errors.Is(err, http.ErrNotSupported) {
		h.opts.Logger.Error("a middleware hides the connection: it needs a method Unwrap", "error", err)
	}
	return err
}

func (s *subscription) debug(what string, args ...any) {
	if s.log != nil {
		s.log.Debug(what, args...)
	}
}
