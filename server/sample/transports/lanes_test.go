package transports_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/server/sample/transports"
	"github.com/seawaykit/seaway/shared/event"
	contract "github.com/seawaykit/seaway/shared/sample/transports"
)

// A journal is an appender that remembers what was published.
type journal struct {
	mu     sync.Mutex
	fails  bool
	drafts []event.Draft
}

func (j *journal) Append(_ context.Context, d event.Draft) (event.ID, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.fails {
		return event.ID{}, context.DeadlineExceeded
	}
	j.drafts = append(j.drafts, d)
	return event.NewID("e", uint64(len(j.drafts)), d.Key), nil
}

func (j *journal) len() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return len(j.drafts)
}

func (j *journal) fail(on bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.fails = on
}

// visit makes a request of a lane, and ends it when ctx ends.
func visit(ctx context.Context, lanes *transports.Lanes, lane string) {
	h := lanes.Track(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/events?lane="+lane, nil))
}

// Nobody watching costs nothing: pulses begin with a lane and end with it.
func TestPulsesFlowWhileALaneIsOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &journal{}
		lanes := transports.New(transports.Options{Log: log})
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { lanes.Run(ctx) })
		time.Sleep(time.Minute)
		expect(t, "pulses before anybody came", log.len(), 0)

		open, leave := context.WithCancel(ctx)
		running.Go(func() { visit(open, lanes, contract.Lane(token, contract.EventSource)) })
		time.Sleep(time.Minute + time.Millisecond)
		expect(t, "pulses in a minute", log.len(), 240)
		leave()
		time.Sleep(10 * time.Second)
		after := log.len()
		time.Sleep(time.Minute)
		expect(t, "pulses after everybody has gone", log.len(), after)
		if after > 240+20 {
			t.Errorf("%d pulses for nobody", after-240)
		}

		// A lane that asks now and then keeps them going.
		for range 30 {
			asked, answered := context.WithCancel(ctx)
			answered()
			visit(asked, lanes, contract.Lane(token, contract.Poll))
			time.Sleep(2 * time.Second)
		}
		expect(t, "pulses for a minute of polls", log.len() >= after+239, true)
		stop()
		running.Wait()
	})
}

// The numbers have no gaps, whatever was not stored.
func TestPulsesAreNumberedWithoutGaps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &journal{}
		lanes := transports.New(transports.Options{Log: log})
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { lanes.Run(ctx) })
		running.Go(func() { visit(ctx, lanes, contract.Lane(token, contract.EventSource)) })
		time.Sleep(time.Second)
		log.fail(true)
		time.Sleep(time.Second)
		log.fail(false)
		time.Sleep(time.Second)
		stop()
		running.Wait()
		for i, d := range log.drafts {
			of, err := contract.Pulsed.Decode(event.NewID("e", 1, "k"), d.Data)
			if err != nil || of.Value.N != i+1 || of.Value.From == "" || d.TTL != contract.Kept || d.Topic != contract.Topic {
				t.Errorf("pulse %d: %+v, %v", i, d, err)
			}
		}
		expect(t, "some came", len(log.drafts) > 6, true)
	})
}

// What is no lane is served, and counted nowhere.
func TestOnlyLanesAreCounted(t *testing.T) {
	lanes := transports.New(transports.Options{Log: &journal{}})
	ended, end := context.WithCancel(t.Context())
	end()
	for _, lane := range []string{"", "x", token, token + "-", token + "-smoke", "short-poll", strings.Repeat("a", 65) + "-poll", token + "_-poll", "-poll"} {
		visit(ended, lanes, lane)
	}
	expect(t, "somebody watches", lanes.Watched(), false)
	visit(ended, lanes, contract.Lane(token, contract.Poll))
	expect(t, "somebody watches a lane", lanes.Watched(), true)
	counts, _ := lanes.Counts(t.Context(), contract.Page{Token: token})
	if c := counts.Lanes[contract.Poll]; len(counts.Lanes) != 1 || c != (contract.Count{Requests: 1}) {
		t.Errorf("counted %+v", counts.Lanes)
	}
}

// However many pages come, the newest thousand are remembered.
func TestPagesAreForgottenByAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lanes := transports.New(transports.Options{Log: &journal{}})
		ended, end := context.WithCancel(t.Context())
		end()
		page := func(i int) contract.Page { return contract.Page{Token: fmt.Sprintf("%016d", i)} }
		for i := range 1001 {
			time.Sleep(time.Millisecond)
			visit(ended, lanes, contract.Lane(page(i).Token, contract.Poll))
		}
		known := func(i int) int {
			counts, _ := lanes.Counts(t.Context(), page(i))
			return len(counts.Lanes)
		}
		expect(t, "lanes of the oldest", known(0), 0)
		expect(t, "lanes of the next", known(1), 1)
		expect(t, "lanes of the newest", known(1000), 1)
	})
}

func expect[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
