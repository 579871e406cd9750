package sse

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

// maxAnswer is the size of the largest answer, unless one event is larger.
const maxAnswer = 256 << 10

// Poll returns a handler that answers long polls: the stream in pieces, for
// browsers that have no EventSource and for proxies that hold back an answer until
// it ends.
//
//	GET /poll?topic=room.lobby&after=<id>&wait=<milliseconds>
//
// The parameters are those of a stream, and wait: how long the answer may wait for
// the first event, at most the heartbeat interval. Without it the answer is
// immediate.
//
// The body is text of the stream's own format and whole frames only: a hello, with
// the reset if there is one, then all that is pending, up to 256 KiB. A heartbeat at
// its end reports that there was no more; the server's shutdown ends it early with a
// bye. A client that asks again, after the last id that it was given, misses nothing
// and sees nothing twice. The type is text/plain, with a length: the proxies that
// polls are for hold back text/event-stream.
//
// A poll counts as a stream of h while it is answered, under the same hooks and
// limits. A wrong request gets a 4xx status with the error as JSON; every other
// failure is a fault frame in an answer of status 200. A client that does not take
// its answer within the write timeout is disconnected. A poll runs in its
// request's goroutine; Shutdown ends the polls that wait.
func (h *Handler) Poll() http.Handler { return pollHandler{h} }

// A pollHandler answers polls.
type pollHandler struct{ streams *Handler }

// ServeHTTP answers one poll.
func (h pollHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !isGet(w, r, "a poll is made by GET") {
		return
	}
	wait, err := parseWait(r)
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	s, err := h.streams.subscribe(w, r)
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	defer s.release()
	body, err := s.collect(r.Context(), wait)
	if err != nil {
		panic(http.ErrAbortHandler) // the client has gone, or the log is closed
	}
	rc := http.NewResponseController(w)
	// A recorder in a test has no deadlines.
	_ = rc.SetWriteDeadline(time.Now().Add(s.WriteTimeout()))
	respond(w, body)
	if rc.Flush() == nil { // else the deadline ends what is left at once
		_ = rc.SetWriteDeadline(time.Time{})
	}
}

// collect returns the beginning of the stream in one piece: its hello, then all that is
// pending, or, if nothing is, what comes within wait, which is at most the heartbeat
// interval. The last frame is a bye if Shutdown was called meanwhile. If the stream
// cannot begin there is only a fault frame. The error is ctx's, or that the log is
// closed.
func (s *subscription) collect(ctx context.Context, wait time.Duration) ([]byte, error) {
	cursor, at, failed := s.open(ctx)
	if failed != nil {
		return s.handler.fault(failed), nil
	}
	a := &pollBody{limit: maxAnswer, wait: min(wait, s.handler.opts.Heartbeat)}
	if at.Mode == wire.Reset { // a reset ends the wait
		a.wait = 0
	}
	err := s.follow(ctx, cursor, a, s.handler.firstFrames(at))
	if err != nil && err != errEnough {
		return nil, err
	}
	return a.body, nil
}

// parseWait parses the wait parameter. More than the server grants is not an
// error.
func parseWait(r *http.Request) (time.Duration, error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return 0, fault.New(fault.Invalid, "the query is malformed")
	}
	s := query.Get(wire.WaitParam)
	if s == "" {
		return 0, nil
	}
	const most = int(time.Hour / time.Millisecond)
	ms, err := strconv.Atoi(s)
	if err != nil || ms < 0 || ms > most {
		return 0, fault.Field(wire.WaitParam, "wait is not a number of milliseconds from 0 to %d", most)
	}
	return time.Duration(ms) * time.Millisecond, nil
}

// refuse answers a request that was not admitted, as the stream would.
func (h pollHandler) refuse(w http.ResponseWriter, r *http.Request, err error) {
	if e, frame := h.streams.refusal(r, err); frame != nil {
		respond(w, frame)
	} else {
		fault.Respond(w, e)
	}
}

func respond(w http.ResponseWriter, frames []byte) {
	header := w.Header()
	header.Set("Content-Type", "text/plain; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(len(frames)))
	header.Set("Cache-Control", "no-store, no-transform")
	header.Set("X-Content-Type-Options", "nosniff")
	// A client that has gone asks again.
	_, _ = w.Write(frames)
}
