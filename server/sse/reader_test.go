package sse_test

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/wire"
)

// A reader that takes nothing is disconnected after the write timeout. Until
// then, and after, the others get everything.
func TestReaderThatIsStuckIsDisconnectedAndDelaysNoOther(t *testing.T) {
	for _, p := range []path{fast, plain} { // it speaks HTTP/1.1 by hand
		t.Run(string(p), func(t *testing.T) {
			const events, size = 400, 64 << 10 // 25 MiB: more than a loopback's buffers hold
			r := newRig(t, config{path: p,
				sse: sse.Options{WriteTimeout: time.Second},
				hub: fanout.Options{MaxBytes: 1 << 20},
			})
			stuck, err := net.Dial("tcp", r.server.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer stuck.Close()
			io.WriteString(stuck, "GET /events?topic=a HTTP/1.1\r\nHost: x\r\n\r\n")
			if _, err := io.ReadFull(stuck, make([]byte, 300)); err != nil { // its hello has come
				t.Fatal(err)
			}
			healthy := r.stream("topic=a", "")
			big := strings.Repeat("x", size)
			for i := range events {
				r.publish("a", big)
				if f := healthy.next(); len(f.data) != size {
					t.Fatalf("event %d is %q with %d bytes", i, f.name, len(f.data))
				}
			}
			// The kernel would buffer megabytes for it.
			if rest := int(r.handler.Stats().Bytes) - events*size; p == fast && rest > 1<<20 {
				t.Errorf("the stuck reader was given %d KiB", rest>>10)
			}
			healthy.close()
			ended := make(chan struct{})
			go func() { r.handler.Wait(); close(ended) }()
			select {
			case <-ended:
			case <-time.After(2 * time.Minute):
				t.Error("the stuck reader's stream still runs 2 min later")
			}
			expect(t, "slow readers", r.handler.Stats().Slow, 1)
			expect(t, "parked", r.handler.Stats().Blocked, 0)
		})
	}
}

// A client that reads slowly, from the log while it is behind the ring, gets
// everything in order all the same.
func TestReaderThatIsSlowGetsEverything(t *testing.T) {
	onEachTransport(t, func(t *testing.T, p path) {
		const events = 2000
		r := newRig(t, config{path: p, hub: fanout.Options{MaxEvents: 10, PageSize: 7}})
		s := r.stream("topic=a", "")
		for i := range events {
			r.publish("a", strings.Repeat("y", i))
		}
		for i := range events {
			if f := s.next(); f.name != "test.event" || len(f.data) != i {
				t.Fatalf("event %d: got %q with %d bytes", i, f.name, len(f.data))
			}
		}
	})
}

// A reader whose events were purged while it took nothing is sent a reset.
func TestReaderThatIsStuckIsResetIfItsEventsWerePurged(t *testing.T) {
	onEachPath(t, func(t *testing.T, p path) {
		const events, size = 400, 64 << 10
		r := newRig(t, config{path: p,
			hub:       fanout.Options{MaxEvents: 4, Window: 3},
			retention: eventlog.Retention{MaxEvents: 10},
		})
		s := r.stream("topic=a", "")
		padding := strings.Repeat(".", size)
		for i := range events {
			r.publish("a", strconv.Itoa(i)+padding)
		}
		// The log went on while the reader had some room, so it may have lost
		// its place more than once. Numbers only rise, and leap at a reset.
		resets, next := 0, 0
		for next < events {
			f := s.next()
			if f.name == wire.ResetName {
				expect(t, "reason", f.data, `{"reason":"purged"}`)
				resets++
				next = -1
				continue
			}
			n, err := strconv.Atoi(strings.TrimSuffix(f.data, padding))
			if f.name != "test.event" || err != nil || next >= 0 && n != next {
				t.Fatalf("got %q %.10q after event %d", f.name, f.data, next-1)
			}
			next = n + 1
		}
		if n := r.handler.Stats().Resets; resets == 0 || n != uint64(resets) {
			t.Errorf("got %d resets, and %d are counted", resets, n)
		}
	})
}

// A stream whose events were purged before it could read them is sent a reset.
func TestStreamThatLosesItsPlaceIsReset(t *testing.T) {
	gate := make(chan struct{})
	r := newRig(t, config{
		hub:       fanout.Options{MaxEvents: 4, Window: 3},
		retention: eventlog.Retention{MaxEvents: 10},
		wrap: func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				h.ServeHTTP(&gated{ResponseWriter: w, gate: gate}, r)
			})
		},
	})
	s := r.stream("topic=a", "")
	for i := range 50 {
		id := r.publish("a", string(rune('A'+i)))
		for { // until the hub has it: then the ring has moved on
			if _, head := r.hub.Head(); head.Seq() >= id.Seq() {
				break
			}
		}
	}
	close(gate)
	for f := s.next(); ; f = s.next() { // one event may have been in its hands
		if f.name == wire.ResetName {
			expect(t, "reason", f.data, `{"reason":"purged"}`)
			break
		}
		expect(t, "frame before the reset", f.name, "test.event")
	}
	expect(t, "the window", s.read(3), "p q r")
}

// gated lets the hello pass and holds back what follows.
type gated struct {
	http.ResponseWriter
	gate   chan struct{}
	writes int
}

func (g *gated) Unwrap() http.ResponseWriter { return g.ResponseWriter }

func (g *gated) Write(p []byte) (int, error) {
	if g.writes++; g.writes > 1 {
		<-g.gate
	}
	return g.ResponseWriter.Write(p)
}

// A middleware that hides the connection would silently hold events back: that
// is a mistake in the server's wiring and must be logged.
func TestResponseThatCannotBeFlushedIsReported(t *testing.T) {
	var received bytes.Buffer
	r := newRig(t, config{
		sse: sse.Options{Logger: slog.New(slog.NewTextHandler(&received, nil))},
		wrap: func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				h.ServeHTTP(struct{ http.ResponseWriter }{w}, r)
			})
		},
	})
	resp := r.get("topic=a", "")
	if body, err := io.ReadAll(resp.Body); len(body) > 0 || errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %q, %v", body, err)
	}
	r.handler.Wait()
	if !strings.Contains(received.String(), "level=ERROR") || !strings.Contains(received.String(), "middleware") {
		t.Errorf("the log says %q", received.String())
	}
}
