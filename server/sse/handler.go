package sse

import (
	"cmp"
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

// Options configure a [Handler]. The zero value refuses every stream.
type Options struct {
	// Authorize decides who may follow which topics. It returns the reader's
	// identity or a refusal, best a [*fault.Error]. Default: everything is
	// refused as forbidden.
	Authorize func(r *http.Request, topics []string) (identity string, err error)

	Beat         time.Duration // the longest silence; default 15 s
	WriteTimeout time.Duration // how long a reader may take for a batch; default 30 s

	// Retry is the shortest pause a client is asked to make before it
	// reconnects. Each is told a random one up to three times that, so that
	// they do not all come back at once. Default 1 s.
	Retry time.Duration

	MaxTopics int    // the most topics of one stream; default 32
	MaxLast   int    // the most retained events a client may ask for; default 10,000
	Build     string // the server's version, told in hello; default empty

	// Logger is told, at debug level, when a stream begins and ends. Default
	// slog.Default().
	Logger *slog.Logger
}

func (o Options) withDefaults() Options {
	o.Beat = cmp.Or(o.Beat, 15*time.Second)
	o.WriteTimeout = cmp.Or(o.WriteTimeout, 30*time.Second)
	o.Retry = cmp.Or(o.Retry, time.Second)
	o.MaxTopics = cmp.Or(o.MaxTopics, 32)
	o.MaxLast = cmp.Or(o.MaxLast, 10_000)
	o.Logger = cmp.Or(o.Logger, slog.Default())
	if o.Authorize == nil {
		o.Authorize = func(*http.Request, []string) (string, error) {
			return "", fault.New(fault.Forbidden, "this server offers no streams")
		}
	}
	return o
}

// A Handler serves streams. Make it with [NewHandler].
type Handler struct {
	hub  *fanout.Hub
	opts Options

	mu      sync.Mutex
	closing chan struct{} // closed by Shutdown
	closed  bool
	streams sync.WaitGroup
}

// NewHandler returns a Handler for the hub, whose frames must come from
// [EncodeEvent].
func NewHandler(hub *fanout.Hub, opts Options) *Handler {
	return &Handler{hub: hub, opts: opts.withDefaults(), closing: make(chan struct{})}
}

// Shutdown ends all streams with a bye and waits for them, until ctx ends. New
// requests are answered with a fault that asks them to come back.
func (h *Handler) Shutdown(ctx context.Context) error {
	h.mu.Lock()
	if !h.closed {
		h.closed = true
		close(h.closing)
	}
	h.mu.Unlock()
	done := make(chan struct{})
	go func() { // ends with the last stream, whose connections the server closes
		h.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Wait returns when no stream is left.
func (h *Handler) Wait() { h.streams.Wait() }

// begin counts a stream in, unless the handler is shutting down.
func (h *Handler) begin() (end func(), ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, false
	}
	h.streams.Add(1)
	return h.streams.Done, true
}

// ServeHTTP serves one stream.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		w.Header().Set("Allow", http.MethodGet)
		fault.Respond(w, fault.New(fault.MethodNotAllowed, "a stream is read by GET"))
		return
	}
	req, err := parse(r, h.opts)
	identity := ""
	if err == nil {
		identity, err = h.opts.Authorize(r, req.topics)
	}
	out := newWriter(w, h.opts.WriteTimeout)
	if err != nil {
		h.refuse(out, w, r, err)
		return
	}
	end, ok := h.begin()
	if !ok {
		h.fail(out, fault.New(fault.Unavailable, "the server is shutting down"))
		return
	}
	defer end()
	log := h.opts.Logger.With("identity", identity, "topics", req.topics, "remote", r.RemoteAddr)
	log.Debug("stream begins")
	err = h.stream(r.Context(), out, req)
	log.Debug("stream ends", "err", err)
	if errors.Is(err, http.ErrNotSupported) {
		log.Error("a middleware hides the connection: it needs a method Unwrap", "err", err)
	}
}

// refuse answers a request that is not going to be a stream: by status if the
// client is wrong, in band if it may come back.
func (h *Handler) refuse(out *writer, w http.ResponseWriter, r *http.Request, err error) {
	e, told := fault.From(err)
	if !told {
		h.opts.Logger.Error("stream failed", "path", r.URL.Path, "err", err)
	}
	if e.Retry || e.Status() >= 500 {
		h.fail(out, e)
		return
	}
	fault.Respond(w, e)
}

// fail answers with a stream of one fault frame.
func (h *Handler) fail(out *writer, e *fault.Error) {
	out.head()
	// The client has gone if this fails, and there is nobody left to tell.
	_ = out.write(faultFrame(h.retryHint(), e))
}

// stream opens a cursor, says hello and follows the cursor.
func (h *Handler) stream(ctx context.Context, out *writer, req request) error {
	wake := make(chan struct{}, 1)
	opening, cancel := context.WithTimeout(ctx, openTime)
	defer cancel()
	cursor, at, err := h.open(opening, req, func() {
		select {
		case wake <- struct{}{}:
		default:
		}
	})
	if err != nil {
		h.fail(out, told(err))
		return err
	}
	defer cursor.Close()
	out.head()
	f := &follower{handler: h, cursor: cursor, out: out, last: req.start.Last, wake: wake}
	if err := out.write(h.greeting(at)); err != nil {
		return err
	}
	return f.run(ctx)
}

// open opens the cursor; a position that is no id makes it a reset.
func (h *Handler) open(ctx context.Context, req request, wake func()) (*fanout.Cursor, fanout.Opening, error) {
	cursor, at, err := h.hub.Open(ctx, req.topics, req.start, wake)
	if err != nil || !req.malformed {
		return cursor, at, err
	}
	at, err = cursor.Restart(ctx, req.start.Last)
	if err != nil {
		cursor.Close()
		return nil, at, err
	}
	at.Reason = wire.Malformed
	return cursor, at, nil
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
		Schema: event.Schemas(), Build: h.opts.Build, Time: time.Now().UTC(),
	}
	if at.Mode == wire.Reset {
		return append(helloFrame(event.ID{}, hello), resetFrame(at.Position, at.Reason)...)
	}
	return helloFrame(at.Position, hello)
}

// retryHint returns a pause between one and three times the option.
func (h *Handler) retryHint() time.Duration { return h.opts.Retry + rand.N(2*h.opts.Retry) }
