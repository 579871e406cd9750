package load

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// A relay is a server whose streams can be made to misbehave.
type relay struct {
	mu      sync.Mutex
	readers map[chan string]struct{}
	plan    func(n int, frame string) []string // what becomes of event n
	posted  int
}

// faithful sends every event as it comes.
func faithful(_ int, frame string) []string { return []string{frame} }

func (r *relay) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if req.Method == http.MethodPost {
		r.post(w, req)
		return
	}
	ch := make(chan string, 10_000)
	r.mu.Lock()
	r.readers[ch] = struct{}{}
	r.mu.Unlock()
	w.Header().Set("Content-Type", "text/event-stream")
	rc := http.NewResponseController(w)
	for rc.Flush() == nil {
		select {
		case <-req.Context().Done():
			return
		case frame := <-ch:
			fmt.Fprint(w, frame)
		}
	}
}

func (r *relay) post(w http.ResponseWriter, req *http.Request) {
	var m struct{ Room, Author, Text string }
	if err := json.NewDecoder(req.Body).Decode(&m); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.posted++
	frames := r.plan(r.posted, fmt.Sprintf("id: %d\nevent: chat.posted\ndata: {\"text\":%q}\n\n", r.posted, m.Text))
	for ch := range r.readers {
		for _, f := range frames {
			ch <- f
		}
	}
	fmt.Fprintf(w, `{"id":"%d"}`, r.posted)
}

// loadFor runs ten streams for a second against a relay with the plan.
func loadFor(t *testing.T, plan func(int, string) []string) (c Counts, published, missing int) {
	t.Helper()
	server := httptest.NewServer(&relay{readers: map[chan string]struct{}{}, plan: plan})
	defer server.Close()
	addr := strings.TrimPrefix(server.URL, "http://")
	loop, err := NewLoop(addr)
	if err != nil {
		t.Fatal(err)
	}
	defer loop.Close()
	fleet := NewFleet(loop, strings.Fields(strings.Repeat("lobby ", streams)))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if _, err := fleet.Connect(ctx); err != nil {
		t.Fatal(err)
	}
	publisher, err := NewPublisher(ctx, addr, 2, []string{"lobby"})
	if err != nil {
		t.Fatal(err)
	}
	defer publisher.Close()
	if err := publisher.Publish(ctx, 100, time.Second); err != nil {
		t.Fatal(err)
	}
	acknowledged := publisher.Acknowledged()
	fleet.Await(ctx, acknowledged, 0, time.Second)
	return fleet.Counts(), acknowledged.Total(), fleet.Missing(acknowledged, 0)
}

const streams = 10

func TestFaithfulServerIsFoundFaithful(t *testing.T) {
	t.Parallel()
	c, published, missing := loadFor(t, faithful)
	if published < 10 || c.Delivered != streams*published || missing != 0 || c.Repeated != 0 || c.Late != 0 || c.Ended != 0 {
		t.Errorf("of %d events, %d were delivered to %d streams, %d missing, %d repeated, %d late, %d streams ended",
			published, c.Delivered, streams, missing, c.Repeated, c.Late, c.Ended)
	}
	if p := c.Served.Quantile(0.5); p <= 0 || p > c.Served.Max() || c.Overdue.Quantile(0.5) < p {
		t.Errorf("half arrived within %v of being sent, all within %v, half within %v of being due",
			p, c.Served.Max(), c.Overdue.Quantile(0.5))
	}
}

func TestPlantedLossIsFound(t *testing.T) {
	t.Parallel()
	c, published, missing := loadFor(t, func(n int, frame string) []string {
		if n == 5 {
			return nil
		}
		return []string{frame}
	})
	if missing != streams || c.Delivered != streams*(published-1) {
		t.Errorf("one event was held back from %d streams: %d missing, %d of %d delivered", streams, missing, c.Delivered, streams*published)
	}
}

func TestPlantedRepeatIsFound(t *testing.T) {
	t.Parallel()
	c, published, missing := loadFor(t, func(n int, frame string) []string {
		if n == 5 {
			return []string{frame, frame}
		}
		return []string{frame}
	})
	if c.Repeated != streams || missing != 0 || c.Delivered != streams*published {
		t.Errorf("one event was sent twice to %d streams: %d repeated, %d missing", streams, c.Repeated, missing)
	}
}

// Events are held back until five have come, of which two are of one poster, and
// are sent the other way round.
func TestPlantedReorderIsFound(t *testing.T) {
	t.Parallel()
	var held []string
	c, published, missing := loadFor(t, func(n int, frame string) []string {
		if n > 5 {
			return []string{frame}
		}
		if held = append([]string{frame}, held...); n < 5 {
			return nil
		}
		return held
	})
	if c.Late < streams || missing != 0 || c.Repeated != 0 || c.Delivered != streams*published {
		t.Errorf("events were turned round for %d streams: %d late, %d missing, %d repeated", streams, c.Late, missing, c.Repeated)
	}
}
