package sse

import (
	"net/http"
	"sync"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/shared/fault"
)

// A Handler serves the events of one log as Server-Sent Events. Make it with
// [New], call [Handler.Run] in a goroutine, and end it with [Handler.Shutdown].
type Handler struct {
	log      eventlog.Log
	hub      *fanout.Hub
	opts     Options
	fast     *fastPath // nil if it is disabled
	counters counters  // of all but the fast path
	types    helloTypes

	mu          sync.Mutex
	closed      bool
	spread      time.Duration  // the time over which clients that were sent a bye come back
	admitted    int            // streams, beginning or open
	perAddress  map[string]int // streams, by the network of the client's address
	perIdentity map[string]int // streams, by identity
	open        map[openStream]*grant
	streams     sync.WaitGroup
	revisions   uint64      // how often Revoke was called
	expires     int64       // when the first open stream expires, in seconds since 1970; 0 for never
	expiry      *time.Timer // fires then; nil until one does
}

// New returns a Handler that streams the events of log. It serves nothing until
// [Handler.Run] runs.
func New(log eventlog.Log, opts Options) *Handler {
	return newHandler(log, fanout.New(log, fanout.Options{
		Encode: encodeEvent, MaxEvents: opts.RingEvents, MaxBytes: opts.RingBytes, Window: opts.Window, FannedOut: opts.FannedOut,
	}), opts)
}

func newHandler(log eventlog.Log, hub *fanout.Hub, opts Options) *Handler {
	h := &Handler{
		log: log, hub: hub, opts: opts.withDefaults(),
		perAddress: map[string]int{}, perIdentity: map[string]int{}, open: map[openStream]*grant{},
	}
	if !opts.DisableFastPath {
		h.fast = newFastPath(h)
	}
	return h
}

// ServeHTTP serves one stream. On the fast path it returns as soon as the
// stream has begun, so an access log has its line at the stream's start, not at
// its end.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !isGet(w, r, "a stream is read by GET") {
		return
	}
	s, err := h.subscribe(w, r)
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	s.serve(w)
}

// refuse answers a request that was not admitted.
func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, err error) {
	if e, frame := h.refusal(r, err); frame != nil {
		h.fail(w, frame)
	} else {
		fault.Respond(w, e)
	}
}

// fail answers with a stream of one frame.
func (h *Handler) fail(w http.ResponseWriter, frame []byte) {
	out := newResponse(w, h.opts.WriteTimeout)
	out.head()
	_ = out.Write(frame) // the client has gone if this fails
}
