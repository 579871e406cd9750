package jetstream_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/eventlog/jetstream"
	"github.com/seawaykit/seaway/shared/event"
)

// A recorder runs a tail and keeps the events.
type recorder struct {
	mu       sync.Mutex
	gate     chan struct{} // each batch waits for it to be closed, if it is not nil
	events   []event.Event
	caughtUp int // how many empty batches came
	outages  int
	err      error // of the tail, when it has ended
}

func follow(t *testing.T, log eventlog.Log, from uint64) *recorder {
	t.Helper()
	f := &recorder{}
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		err := log.Tail(ctx, from, f.take)
		f.mu.Lock()
		defer f.mu.Unlock()
		f.err = err
	})
	t.Cleanup(func() { cancel(); wg.Wait() })
	return f
}

// hold makes the next batches wait until they are released.
func (f *recorder) hold() (release func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	gate := make(chan struct{})
	f.gate = gate
	return func() { close(gate) }
}

func (f *recorder) take(batch []event.Event, err error) {
	f.mu.Lock()
	gate := f.gate
	f.mu.Unlock()
	if gate != nil {
		<-gate
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.events = append(f.events, batch...)
	switch {
	case err != nil:
		f.outages++
	case len(batch) == 0:
		f.caughtUp++
	}
}

// until waits for a state of the recorder.
func (f *recorder) until(t *testing.T, what string, true func() bool) {
	t.Helper()
	again, end := time.NewTicker(5*time.Millisecond), time.NewTimer(timeout)
	defer again.Stop()
	defer end.Stop()
	for {
		f.mu.Lock()
		done := true()
		f.mu.Unlock()
		if done {
			return
		}
		select {
		case <-again.C:
		case <-end.C:
			t.Fatalf("the tail does not come to %s", what)
		}
	}
}

func fill(t *testing.T, log eventlog.Log, n int) (ids []event.ID) {
	t.Helper()
	for i := range n {
		id, err := log.Append(t.Context(), event.Draft{Topic: "a", Type: "test", Data: fmt.Append(nil, i)})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	return ids
}

func (f *recorder) shows(t *testing.T, want []event.ID) {
	t.Helper()
	f.until(t, fmt.Sprintf("%d events", len(want)), func() bool { return len(f.events) >= len(want) })
	for i, e := range f.events {
		if i >= len(want) || e.ID() != want[i] {
			t.Fatalf("event %d of %d is %s", i, len(want), e.ID())
		}
	}
}

func TestTailThatIsSlowReadsWhatTheConnectionDropped(t *testing.T) {
	log := open(t, connect(t, "", nats.InProcessServer(startNode(t))), jetstream.Options{})
	tail := follow(t, log, 1)
	tail.until(t, "the head", func() bool { return tail.caughtUp == 1 })
	release := tail.hold()
	want := fill(t, log, 3000) // the connection keeps 1024 of them
	release()
	want = append(want, fill(t, log, 10)...)
	tail.shows(t, want)
}

// What the connection has dropped cannot be read any more.
func TestTailThatRetentionOvertakesEnds(t *testing.T) {
	o := jetstream.Options{Retention: eventlog.Retention{MaxEvents: 100}}
	log := open(t, connect(t, "", nats.InProcessServer(startNode(t))), o)
	tail := follow(t, log, 1)
	tail.until(t, "the head", func() bool { return tail.caughtUp == 1 })
	release := tail.hold()
	want := fill(t, log, 3000)
	release()
	tail.until(t, "its end", func() bool { return errors.Is(tail.err, eventlog.ErrGap) })
	for i, e := range tail.events {
		if e.ID() != want[i] {
			t.Fatalf("event %d is %s, want %s", i, e.ID(), want[i])
		}
	}
}

func TestTailReportsAnOutageOfTheLogAndItsEnd(t *testing.T) {
	t.Parallel()
	n := startNode(t)
	log := open(t, connect(t, "", nats.InProcessServer(n)), jetstream.Options{})
	tail := follow(t, log, 1)
	want := fill(t, log, 5)
	tail.shows(t, want)
	tail.until(t, "the head", func() bool { return tail.caughtUp == 1 })
	n.stop()
	tail.until(t, "an outage", func() bool { return tail.outages == 1 })
	n.start(t, n.dir)
	want = append(want, fill(t, log, 5)...)
	tail.until(t, "the head again", func() bool { return tail.caughtUp == 2 })
	tail.shows(t, want)
	if tail.outages != 1 {
		t.Errorf("the outage was reported %d times", tail.outages)
	}
}

func TestTailEndsWithTheConnection(t *testing.T) {
	t.Parallel()
	nc := connect(t, "", nats.InProcessServer(startNode(t)))
	tail := follow(t, open(t, nc, jetstream.Options{}), 1)
	tail.until(t, "the head", func() bool { return tail.caughtUp == 1 })
	nc.Close()
	tail.until(t, "its end", func() bool { return errors.Is(tail.err, eventlog.ErrClosed) })
}

// Another program publishes into the stream.
func TestMessageThatIsNoEventIsSkipped(t *testing.T) {
	nc := connect(t, "", nats.InProcessServer(startNode(t)))
	log := open(t, nc, jetstream.Options{})
	tail := follow(t, log, 1)
	want := fill(t, log, 1)
	for range 300 { // more than a page
		if _, err := nc.Request("seaway.a", []byte("no event"), timeout); err != nil {
			t.Fatal(err)
		}
	}
	want = append(want, fill(t, log, 1)...)
	tail.shows(t, want)
	follow(t, log, 1).shows(t, want)
	for _, topics := range [][]string{nil, {"a"}, {"a", "b"}} {
		page, err := log.Read(t.Context(), 2, 10, topics...)
		if err != nil || len(page.Events) != 1 || page.Events[0].ID() != want[1] {
			t.Errorf("a read of %v gives %+v (%v)", topics, page, err)
		}
	}
}
