package site

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/seawaykit/seaway/server/httpd"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/vitals"
)

const (
	// maxClockStreams is how many streams there may be: each has a goroutine, and is
	// not among those that the kit limits.
	maxClockStreams = 1000
	// clockStreamsPerAddress is how many one address may have of these.
	clockStreamsPerAddress = 100
	// clockWrite is how long a client may accept no bytes before it is disconnected.
	clockWrite = 30 * time.Second
)

// A clockStream serves the clock's ticks to pages that know nothing of the kit: messages
// without a name, {"message":"Current time is ..."}, once a second. All clients are sent
// the same frames of the same events that the sample's pages follow. A client that comes
// back with the Last-Event-ID of a message gets those after it that are retained.
type clockStream struct {
	clock      *clock
	heartbeat  time.Duration
	draining   func() <-chan struct{}
	perAddress int // streams; 0 for no limit

	mu   sync.Mutex
	open int
	by   map[string]int // open streams of each address that is known
}

// enter counts a stream until it leaves, or returns nil for one too many.
func (s *clockStream) enter(r *http.Request) (leave func()) {
	client, known := httpd.Client(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open >= maxClockStreams || known && s.perAddress > 0 && s.by[client] >= s.perAddress {
		return nil
	}
	s.add(client, 1)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.add(client, -1)
	}
}

func (s *clockStream) add(client string, n int) {
	if s.by == nil {
		s.by = map[string]int{}
	}
	s.open += n
	if s.by[client] += n; s.by[client] == 0 {
		delete(s.by, client)
	}
}

// messageFrame returns the frame of a tick.
func messageFrame(e event.Of[vitals.Tick]) []byte {
	data, _ := json.Marshal(struct { // it holds nothing that fails
		Message string `json:"message"`
	}{e.Value.Message})
	return fmt.Appendf(nil, "id: %s\ndata: %s\n\n", e.ID, data)
}

// ServeHTTP answers GET by a stream, and OPTIONS by what is allowed.
func (s *clockStream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet, http.MethodHead:
	case http.MethodOptions:
		w.Header().Set("Allow", "GET, HEAD, OPTIONS")
		w.WriteHeader(http.StatusNoContent)
		return
	default:
		w.Header().Set("Allow", "GET, HEAD, OPTIONS")
		http.Error(w, "a stream is fetched by GET", http.StatusMethodNotAllowed)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	h.Set("X-Content-Type-Options", "nosniff")
	if r.Method == http.MethodGet {
		s.stream(w, r)
	}
}

// stream writes until the client has gone, accepts nothing, or the server ends. An
// EventSource would never come back after another status than 200: so one too many is
// asked to come later.
func (s *clockStream) stream(w http.ResponseWriter, r *http.Request) {
	out := clockWriter{w, http.NewResponseController(w)}
	leave := s.enter(r)
	if leave == nil {
		out.retry(10 * time.Second)
		return
	}
	defer leave()
	if !out.retry(time.Second) {
		return
	}
	silence := time.NewTimer(s.heartbeat)
	defer silence.Stop()
	position, _ := event.ParseMeta(r.Header.Get("Last-Event-ID")) // without one it is zero
	for at := position.ID; ; {
		frames, last, changed := s.clock.after(at)
		if len(frames) > 0 {
			if at = last; !out.write(frames...) {
				return
			}
			silence.Reset(s.heartbeat)
		}
		select {
		case <-changed:
		case <-silence.C:
			if !out.write(fmt.Appendf(nil, "event: heartbeat\ndata: %s\n\n", at)) {
				return
			}
			silence.Reset(s.heartbeat)
		case <-s.draining():
			out.retry(time.Second)
			return
		case <-r.Context().Done():
			return
		}
	}
}

// after returns the frames after a position, up to which event they are, and a channel
// that is closed when there are more. For a position that is not of this log, as none, it
// returns the newest.
func (c *clock) after(at event.ID) (frames [][]byte, last event.ID, changed <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := len(c.ticks) - 1; i >= 0; i-- {
		t := c.ticks[i]
		known := t.ID.Epoch() == at.Epoch()
		if known && t.ID.Seq() <= at.Seq() {
			break
		}
		frames = append(frames, t.frame)
		if !known {
			break
		}
	}
	slices.Reverse(frames)
	if last = at; len(frames) > 0 {
		last = c.ticks[len(c.ticks)-1].ID
	}
	return frames, last, c.changed
}

// A clockWriter writes frames to a client.
type clockWriter struct {
	w   http.ResponseWriter
	ctl *http.ResponseController
}

// write writes frames, and reports whether the client can be sent more.
func (o clockWriter) write(frames ...[]byte) bool {
	if err := o.ctl.SetWriteDeadline(time.Now().Add(clockWrite)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return false
	}
	for _, f := range frames {
		if _, err := o.w.Write(f); err != nil {
			return false
		}
	}
	return o.ctl.Flush() == nil
}

// retry says how long to wait before coming back: a random time, so that not all clients
// come at once.
func (o clockWriter) retry(least time.Duration) bool {
	after := least + time.Duration(rand.Int64N(int64(2*least)))
	return o.write(fmt.Appendf(nil, "retry: %d\n\n", after.Milliseconds()))
}
