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

// request makes a request with a lane parameter, and ends it when ctx ends.
func request(ctx context.Context, meter *transports.Meter, query string) {
	h := meter.Track(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/events?lane="+query, nil))
}

// Samples are published only while a transport is open.
func TestSamplesFlowWhileATransportIsOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &journal{}
		meter := transports.New(transports.Options{Log: log})
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { meter.Run(ctx) })
		time.Sleep(time.Minute)
		expect(t, "samples before the first transport", log.len(), 0)

		open, leave := context.WithCancel(ctx)
		running.Go(func() { request(open, meter, contract.TransportID(token, contract.EventSource)) })
		time.Sleep(time.Minute + time.Millisecond)
		expect(t, "samples in a minute", log.len(), 240)
		leave()
		time.Sleep(10 * time.Second)
		after := log.len()
		time.Sleep(time.Minute)
		expect(t, "samples after the last transport", log.len(), after)
		if after > 240+20 {
			t.Errorf("%d samples without a transport", after-240)
		}

		// A transport that polls keeps them going.
		for range 30 {
			asked, answered := context.WithCancel(ctx)
			answered()
			request(asked, meter, contract.TransportID(token, contract.Poll))
			time.Sleep(2 * time.Second)
		}
		expect(t, "samples for a minute of polls", log.len() >= after+239, true)
		stop()
		running.Wait()
	})
}

// The numbers have no gaps, whatever was not stored.
func TestSamplesAreNumberedWithoutGaps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &journal{}
		meter := transports.New(transports.Options{Log: log})
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { meter.Run(ctx) })
		running.Go(func() { request(ctx, meter, contract.TransportID(token, contract.EventSource)) })
		time.Sleep(time.Second)
		log.fail(true)
		time.Sleep(time.Second)
		log.fail(false)
		time.Sleep(time.Second)
		stop()
		running.Wait()
		for i, d := range log.drafts {
			of, err := contract.Sent.DecodeForm(d.Type, event.Meta{ID: event.NewID("e", 1, "k")}, d.Data)
			if err != nil || of.Value.N != i+1 || of.Value.From == "" || d.TTL != contract.Retention || d.Topic != contract.Topic {
				t.Errorf("sample %d: %+v, %v", i, d, err)
			}
		}
		expect(t, "some came", len(log.drafts) > 6, true)
	})
}

// A request without a valid transport is served and not counted.
func TestRequestsWithoutATransportAreNotCounted(t *testing.T) {
	meter := transports.New(transports.Options{Log: &journal{}})
	ended, end := context.WithCancel(t.Context())
	end()
	for _, query := range []string{"", "x", token, token + "-", token + "-smoke", "short-poll", strings.Repeat("a", 65) + "-poll", token + "_-poll", "-poll"} {
		request(ended, meter, query)
	}
	expect(t, "watched without a transport", meter.Watched(), false)
	request(ended, meter, contract.TransportID(token, contract.Poll))
	expect(t, "watched with a transport", meter.Watched(), true)
	counts, _ := meter.Counts(t.Context(), contract.Page{Token: token})
	if c := counts.Transports[contract.Poll]; len(counts.Transports) != 1 || c != (contract.Usage{Requests: 1}) {
		t.Errorf("counted %+v", counts.Transports)
	}
}

// However many pages come, the newest thousand are remembered.
func TestPagesAreForgottenByAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		meter := transports.New(transports.Options{Log: &journal{}})
		ended, end := context.WithCancel(t.Context())
		end()
		page := func(i int) contract.Page { return contract.Page{Token: fmt.Sprintf("%016d", i)} }
		for i := range 1001 {
			time.Sleep(time.Millisecond)
			request(ended, meter, contract.TransportID(page(i).Token, contract.Poll))
		}
		known := func(i int) int {
			counts, _ := meter.Counts(t.Context(), page(i))
			return len(counts.Transports)
		}
		expect(t, "transports of the oldest", known(0), 0)
		expect(t, "transports of the next", known(1), 1)
		expect(t, "transports of the newest", known(1000), 1)
	})
}

func expect[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
