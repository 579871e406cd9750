package sse

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/seawaykit/seaway/server/fanout"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

// openTime bounds what comes before the first frame, which is due in a second.
const openTime = time.Second

// A Handler serves streams. Make it with [NewHandler], and end it with
// [Handler.Shutdown].
type Handler struct {
	hub    *fanout.Hub
	opts   Options
	engine *engine // nil if the fast path is disabled
	tally  tally   // of what the engine does not do

	mu       sync.Mutex
	closed   bool
	spread   time.Duration  // how far apart those who were told bye come back
	admitted int            // streams, beginning or open
	visitors map[string]int // how many of them each client address has
	open     map[resident]struct{}
	streams  sync.WaitGroup
}

// NewHandler returns a Handler for the hub, whose frames must come from
// [EncodeEvent].
func NewHandler(hub *fanout.Hub, opts Options) *Handler {
	h := &Handler{
		hub: hub, opts: opts.withDefaults(),
		visitors: map[string]int{}, open: map[resident]struct{}{},
	}
	if !opts.DisableFastPath {
		h.engine = newEngine(h)
	}
	return h
}

// Wait returns when no stream is left.
func (h *Handler) Wait() { h.streams.Wait() }

// ServeHTTP serves one stream. On the fast path it returns as soon as it has
// begun: an access log has its line at the stream's start, not at its end.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		w.Header().Set("Allow", http.MethodGet)
		fault.Respond(w, fault.New(fault.MethodNotAllowed, "a stream is read by GET"))
		return
	}
	v, err := h.Admit(w, r)
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	v.serve(w)
}

// journal returns a logger for one stream, or nil if nobody wants to know: a
// logger of its own costs a stream half a kilobyte.
func (h *Handler) journal(identity string, req request, r *http.Request) *slog.Logger {
	if !h.opts.Logger.Enabled(r.Context(), slog.LevelDebug) {
		return nil
	}
	return h.opts.Logger.With("identity", identity, "topics", req.topics, "remote", r.RemoteAddr)
}

// refuse answers a request that is not going to be a stream.
func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, err error) {
	if e, frame := h.Refusal(r, err); frame != nil {
		h.fail(w, frame)
	} else {
		fault.Respond(w, e)
	}
}

// fail answers with a stream of one frame.
func (h *Handler) fail(w http.ResponseWriter, frame []byte) {
	out := newResponse(w, h.opts.WriteTimeout)
	out.head()
	// The client has gone if this fails, and there is nobody left to tell.
	_ = out.Write(frame)
}

// fault returns the frame of a failure, and counts it.
func (h *Handler) fault(e *fault.Error) []byte {
	h.tally.faults.Add(1)
	return faultFrame(h.retryHint(), e)
}

// openCursor opens the cursor; a position that is no id makes it a reset.
func (h *Handler) openCursor(ctx context.Context, req request, wake func()) (*fanout.Cursor, fanout.Opening, error) {
	ctx, cancel := context.WithTimeout(ctx, openTime)
	defer cancel()
	cursor, at, err := h.hub.Open(ctx, req.topics, req.start, wake)
	if err == nil && req.malformed {
		at, err = cursor.Restart(ctx, req.start.Last)
		at.Reason = wire.Malformed
		if err != nil {
			cursor.Close()
		}
	}
	if err == nil && at.Mode == wire.Reset {
		h.tally.resets.Add(1)
	}
	return cursor, at, err
}

// told turns an error of the hub into one for the client.
func told(err error) *fault.Error {
	if e, ok := fault.From(err); ok {
		return e
	}
	return fault.New(fault.Unavailable, "the stream cannot begin just now")
}

// greeting returns the hello, and the reset if the stream begins with one. A
// hello before a reset has no id: a client cut off between the two would resume
// from it and never learn of the reset.
func (h *Handler) greeting(at fanout.Opening) []byte {
	epoch, head := h.hub.Head()
	hello := wire.Hello{
		Epoch: epoch, Head: head, Mode: at.Mode,
		Beat: int(h.opts.Beat.Milliseconds()), Retry: int(h.retryHint().Milliseconds()),
		Schema: event.Schemas(), Accepts: event.Accepts(), Build: h.opts.Build, Time: time.Now().UTC(),
	}
	if at.Mode == wire.Reset {
		return append(helloFrame(event.ID{}, hello), resetFrame(at.Position, at.Reason)...)
	}
	return helloFrame(at.Position, hello)
}

// retryHint returns a pause between one and three times the option.
func (h *Handler) retryHint() time.Duration { return h.opts.Retry + rand.N(2*h.opts.Retry) }

// serve opens a cursor and puts the visit on one of the paths.
func (v *Visit) serve(w http.ResponseWriter) {
	h := v.handler
	var wake func() // set before the cursor first waits
	cursor, at, err := h.openCursor(v.r.Context(), v.req, func() { wake() })
	if err != nil {
		defer v.release()
		h.fail(w, h.fault(told(err)))
		return
	}
	v.note("stream begins")
	hello := h.greeting(at)
	f := newFollower(h, cursor, v.req.start.Last)
	conn, base := v.takeOver(w)
	if conn == nil {
		defer v.release() // a middleware's writer may panic
		out := newResponse(w, h.opts.WriteTimeout)
		out.head()
		wake = f.poke
		if v.follow(v.r.Context(), f, out, hello) != nil { // it has been noted
			out.Cut() // or net/http would end the response as a complete one
		}
		return
	}
	chunked := v.r.ProtoAtLeast(1, 1)
	head := head(w.Header(), chunked, time.Now())
	s := &stream{cursor: cursor, last: v.req.start.Last, conn: conn, chunked: chunked, release: v.release, log: v.log}
	s.rest = append(head, framed(hello, chunked)...)
	wake = s.wake
	if !h.engine.add(base, s) {
		defer v.release()
		out := newConnection(conn, h.opts.WriteTimeout, head, chunked)
		defer out.close()
		wake = f.poke
		if v.follow(out.context(v.r.Context()), f, out, hello) == nil {
			out.complete()
		}
	}
}

// follow serves the stream from this goroutine.
func (v *Visit) follow(ctx context.Context, f *follower, out Output, first []byte) error {
	h := v.handler
	h.tally.plain.Add(1)
	err := f.run(ctx, out, first)
	h.tally.plain.Add(-1)
	f.cursor.Close()
	v.note("stream ends", "err", err)
	if errors.Is(err, http.ErrNotSupported) {
		h.opts.Logger.Error("a middleware hides the connection: it needs a method Unwrap", "err", err)
	}
	return err
}

func (v *Visit) note(what string, args ...any) {
	if v.log != nil {
		v.log.Debug(what, args...)
	}
}
