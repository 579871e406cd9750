package sse

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/seawaykit/seaway/server/fanout"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

// A Visit is a request that has been admitted: its topics are checked and
// authorised, and it counts among the streams. ServeHTTP makes it a stream of
// its own response. Another package, which carries the same frames by other
// means, asks for one by [Handler.Admit], calls Stream or Collect, once, and
// then Close. [Handler.Shutdown] says bye to it as to every stream.
type Visit struct {
	handler *Handler
	req     request
	r       *http.Request
	release func()
	log     *slog.Logger // nil: nobody wants to know
}

// Admit checks the request of a stream, asks the authorise hook, and counts it
// in, or returns why not: see [Handler.Refusal]. It lifts the deadline that the
// server has set for the request's arrival, at which its context would end.
func (h *Handler) Admit(w http.ResponseWriter, r *http.Request) (*Visit, error) {
	req, err := parse(r, h.opts)
	if err != nil {
		return nil, err
	}
	identity, err := h.opts.Authorize(r, req.topics)
	if err != nil {
		return nil, err
	}
	release, err := h.admit(r.RemoteAddr)
	if err != nil {
		return nil, err
	}
	// It fails where deadlines are not supported, and there is none to lift.
	_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
	release = h.enterVisit(r, identity, req.topics, release)
	return &Visit{handler: h, req: req, r: r, release: release, log: h.journal(identity, req, r)}, nil
}

// enterVisit tells whoever wants to know of a visit. The visitor leaves before
// the visit is counted out, for which Shutdown waits.
func (h *Handler) enterVisit(r *http.Request, identity string, topics []string, release func()) func() {
	if h.opts.Enter == nil {
		return release
	}
	leave := h.opts.Enter(r, identity, topics)
	if leave == nil {
		return release
	}
	return func() {
		leave()
		release()
	}
}

// Refusal says how a client is to be told that it was not admitted. If it may
// come back it is accepted and told in band: frame is then all that it gets. If
// it is wrong, frame is nil, and the status is that of e. An err that holds no
// [fault.Error] is logged, since the client is told no more than that there was
// one.
func (h *Handler) Refusal(r *http.Request, err error) (e *fault.Error, frame []byte) {
	e, told := fault.From(err)
	if !told {
		h.opts.Logger.Error("stream failed", "path", r.URL.Path, "err", err)
	}
	if e.Retry || e.Status() >= 500 {
		return e, h.fault(e)
	}
	return e, nil
}

// Close counts the visit out.
func (v *Visit) Close() { v.release() }

// WriteTimeout returns how long the reader may take nothing, as the handler's
// options say.
func (v *Visit) WriteTimeout() time.Duration { return v.handler.opts.WriteTimeout }

// Stream writes the stream to out, beginning with its hello, until ctx ends, a
// write fails, the log is closed, or Shutdown has said bye: then the error is
// nil. A stream that cannot begin is one fault frame, and its error a
// [*fault.Error].
func (v *Visit) Stream(ctx context.Context, out Output) error {
	f, at, err := v.open(ctx)
	if err != nil {
		// The client has gone if this fails, and there is nobody left to tell.
		_ = out.Write(v.handler.fault(err))
		return err
	}
	return v.follow(ctx, f, out, v.handler.greeting(at))
}

// Collect returns the beginning of the stream in one piece, at most limit bytes
// unless its first event alone is larger: its hello, then all that is pending,
// or, if that is nothing, what comes within wait, which is at most the beat
// interval. If the last frame is a beat there was no more. A client that is
// collected for again, after the last id, gets what follows.
//
// The last frame is a bye if Shutdown came meanwhile, and the only one a fault
// if the stream cannot begin. The error is ctx's, or that the log is closed.
func (v *Visit) Collect(ctx context.Context, wait time.Duration, limit int) ([]byte, error) {
	f, at, failed := v.open(ctx)
	if failed != nil {
		return v.handler.fault(failed), nil
	}
	f.answer, f.quiet = &answer{limit: limit}, min(wait, f.quiet)
	if at.Mode == wire.Reset { // it is news enough
		f.quiet = 0
	}
	err := v.follow(ctx, f, f.answer, v.handler.greeting(at))
	if err != nil && err != errComplete {
		return nil, err
	}
	return f.answer.body, nil
}

// open opens a cursor and returns what follows it.
func (v *Visit) open(ctx context.Context) (f *follower, at fanout.Opening, failed *fault.Error) {
	h := v.handler
	cursor, at, err := h.openCursor(ctx, v.req, func() { f.poke() })
	if err != nil {
		return nil, at, told(err)
	}
	v.note("stream begins")
	return newFollower(h, cursor, v.req.start.Last), at, nil
}
