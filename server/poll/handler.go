package poll

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

// maxAnswer is the size of the largest answer, unless one event is larger.
const maxAnswer = 256 << 10

// A Handler answers polls. Make it with [NewHandler].
type Handler struct{ streams *sse.Handler }

// NewHandler returns a Handler whose polls are streams of the given one, which
// also ends them.
func NewHandler(streams *sse.Handler) *Handler { return &Handler{streams} }

// ServeHTTP answers one poll.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		w.Header().Set("Allow", http.MethodGet)
		fault.Respond(w, fault.New(fault.MethodNotAllowed, "a poll is made by GET"))
		return
	}
	wait, err := parseWait(r)
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	visit, err := h.streams.Admit(w, r)
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	defer visit.Close()
	body, err := visit.Collect(r.Context(), wait, maxAnswer)
	if err != nil {
		panic(http.ErrAbortHandler) // the client has gone, or the log is closed
	}
	rc := http.NewResponseController(w)
	// A recorder in a test has no deadlines, and nobody who is slow.
	_ = rc.SetWriteDeadline(time.Now().Add(visit.WriteTimeout()))
	answer(w, body)
	if rc.Flush() == nil { // else the deadline ends what is left at once
		_ = rc.SetWriteDeadline(time.Time{})
	}
}

// parseWait reads how long the client is ready to wait. More than a server
// grants is no mistake.
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
func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, err error) {
	if e, frame := h.streams.Refusal(r, err); frame != nil {
		answer(w, frame)
	} else {
		fault.Respond(w, e)
	}
}

func answer(w http.ResponseWriter, frames []byte) {
	header := w.Header()
	header.Set("Content-Type", "text/plain; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(len(frames)))
	header.Set("Cache-Control", "no-store, no-transform")
	header.Set("X-Content-Type-Options", "nosniff")
	// A client that has gone asks again.
	_, _ = w.Write(frames)
}
