package sse

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/shared/event"
)

// A followed is a subscription and what it has brought. It is for a bubble: what is
// still to come has come after synctest.Wait.
type followed struct {
	t      *testing.T
	log    *swapLog
	mu     sync.Mutex
	begun  []string // epochs
	got    []string // the data of events since the last Begin
	at     []int    // how many of them there were at each Current
	hold   chan struct{}
	cancel context.CancelFunc
	ended  sync.WaitGroup
}

// subscribe runs a subscription to the topics over a hub with such a ring, from last
// retained events on. The log's events so far are n of topic a.
func subscribe(t *testing.T, n, ring, last int, topics ...string) *followed {
	t.Helper()
	r := &followed{t: t, log: &swapLog{log: memory(t, "", n), swapped: make(chan struct{})}}
	hub := fanout.New(r.log, fanout.Options{Encode: encodeEvent, MaxEvents: ring})
	h := newHandler(r.log, hub, Options{})
	ctx, cancel := context.WithCancel(context.Background())
	r.ended.Go(func() { hub.Run(ctx) })
	r.ended.Go(func() {
		h.Subscribe(ctx, Subscription{Topics: topics, Last: last, Begin: r.begin, Events: r.events, Current: r.current})
	})
	r.cancel = func() { cancel(); r.ended.Wait() }
	synctest.Wait()
	return r
}

// memory returns a log with n events of topic a, numbered from 1.
func memory(t *testing.T, prefix string, n int) eventlog.Log {
	t.Helper()
	log := eventlog.NewMemory(eventlog.Retention{})
	for i := range n {
		publish(t, log, "a", prefix+strconv.Itoa(i+1))
	}
	return log
}

func publish(t *testing.T, log eventlog.Log, topic, data string) {
	t.Helper()
	if _, err := log.Append(t.Context(), event.Draft{Topic: topic, Type: "test.event", Data: []byte(data)}); err != nil {
		t.Fatal(err)
	}
}

func (r *followed) begin(epoch string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.begun, r.got = append(r.begun, epoch), nil
}

func (r *followed) events(all []event.Event) {
	r.mu.Lock()
	for _, e := range all {
		r.got = append(r.got, string(e.Data()))
	}
	hold := r.hold
	r.hold = nil
	r.mu.Unlock()
	if hold != nil {
		<-hold
	}
}

func (r *followed) current() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.at = append(r.at, len(r.got))
}

// holdUp makes the next call of Events block, until the function that it returns.
func (r *followed) holdUp() (goOn func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	hold := make(chan struct{})
	r.hold = hold
	return func() { close(hold) }
}

// expect compares what has come since the last Begin, which Current must have reported.
func (r *followed) expect(begins int, want ...string) {
	r.t.Helper()
	synctest.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.begun) != begins || !slices.Equal(r.got, want) {
		r.t.Fatalf("after %d begins: got %v, want after %d: %v", len(r.begun), r.got, begins, want)
	}
	if n := len(r.at); n == 0 || r.at[n-1] != len(want) {
		r.t.Fatalf("current after %v events, want %d", r.at, len(want))
	}
}

// numbers are those from a to b, as data.
func numbers(prefix string, a, b int) (all []string) {
	for i := a; i <= b; i++ {
		all = append(all, prefix+strconv.Itoa(i))
	}
	return all
}

// A swapLog can be replaced by another under its users, as a stream on a server that an
// operator wiped is. While it is down it cannot be read, but is still tailed.
type swapLog struct {
	eventlog.Values // none are used

	mu      sync.Mutex
	log     eventlog.Log
	down    bool
	swapped chan struct{}
}

func (l *swapLog) replace(log eventlog.Log) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.log = log
	close(l.swapped)
	l.swapped = make(chan struct{})
}

func (l *swapLog) setDown(down bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.down = down
}

func (l *swapLog) now() (log eventlog.Log, swapped chan struct{}, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.down {
		err = eventlog.ErrUnavailable
	}
	return l.log, l.swapped, err
}

func (l *swapLog) Append(ctx context.Context, d event.Draft) (event.ID, error) {
	log, _, _ := l.now()
	return log.Append(ctx, d)
}

func (l *swapLog) AppendAll(ctx context.Context, drafts []event.Draft) ([]event.ID, error) {
	log, _, _ := l.now()
	return log.AppendAll(ctx, drafts)
}

func (l *swapLog) Read(ctx context.Context, from uint64, limit int, topics ...string) (eventlog.Page, error) {
	log, _, err := l.now()
	if err != nil {
		return eventlog.Page{}, err
	}
	return log.Read(ctx, from, limit, topics...)
}

func (l *swapLog) State(ctx context.Context) (eventlog.State, error) {
	log, _, err := l.now()
	if err != nil {
		return eventlog.State{}, err
	}
	return log.State(ctx)
}

func (l *swapLog) Tail(ctx context.Context, from uint64, fn func([]event.Event, error)) error {
	log, swapped, _ := l.now()
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-swapped:
			cancel()
		case <-inner.Done():
		}
	}()
	err := log.Tail(inner, from, fn)
	if ctx.Err() == nil && errors.Is(err, context.Canceled) {
		return eventlog.ErrGap
	}
	return err
}

func (l *swapLog) Close() error { return nil }

func TestSubscriptionGetsTheRetainedEventsAndThenEachOnceInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := subscribe(t, 10, 100, 3, "a", "b")
		defer r.cancel()
		r.expect(1, "8", "9", "10")
		publish(t, r.log, "a", "11")
		r.expect(1, "8", "9", "10", "11")
		publish(t, r.log, "elsewhere", "x")
		publish(t, r.log, "b", "12")
		publish(t, r.log, "a", "13")
		r.expect(1, "8", "9", "10", "11", "12", "13")
	})
}

// A caller that takes its time is served from the log, as a slow client is.
func TestSubscriptionThatFallsBehindTheRingMissesAndRepeatsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := subscribe(t, 0, 4, 0, "a")
		defer r.cancel()
		goOn := r.holdUp()
		for i := range 600 { // more than two pages of the log
			publish(t, r.log, "a", strconv.Itoa(i+1))
			publish(t, r.log, "elsewhere", "x")
			synctest.Wait()
		}
		goOn()
		r.expect(1, numbers("", 1, 600)...)
	})
}

func TestSubscriptionBeginsAgainOnAnotherLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := subscribe(t, 5, 100, 10, "a")
		defer r.cancel()
		r.expect(1, numbers("", 1, 5)...)
		r.log.replace(memory(t, "new ", 3))
		r.expect(2, numbers("new ", 1, 3)...)
		if r.begun[0] == r.begun[1] {
			t.Errorf("both logs have the epoch %s", r.begun[0])
		}
		publish(t, r.log, "a", "new 4")
		r.expect(2, numbers("new ", 1, 4)...)
	})
}

// Events that the ring still holds have left the log, from which the
// subscription reads.
func TestSubscriptionBeginsAgainWhereRetentionHasRemovedSomething(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := subscribe(t, 0, 100, 5, "a")
		defer r.cancel()
		r.log.replace(eventlog.NewMemory(eventlog.Retention{MaxEvents: 20}))
		synctest.Wait()
		goOn := r.holdUp()
		for i := range 60 {
			publish(t, r.log, "a", strconv.Itoa(i+1))
			synctest.Wait()
		}
		goOn()
		synctest.Wait()
		time.Sleep(followPause)
		r.expect(3, numbers("", 56, 60)...)
		if r.begun[1] != r.begun[2] {
			t.Errorf("one log has the epochs %s and %s", r.begun[1], r.begun[2])
		}
	})
}

// The other log may be shorter than what the subscription is just reading.
func TestSubscriptionBeginsAgainOnAShorterLogInTheMiddleOfARead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := subscribe(t, 0, 1000, 10, "a")
		defer r.cancel()
		first := r.holdUp()
		publish(t, r.log, "a", "0")
		synctest.Wait()
		for i := range 300 { // pending at once, and two pages of the log
			publish(t, r.log, "a", strconv.Itoa(i+1))
		}
		synctest.Wait()
		second := r.holdUp()
		first()
		synctest.Wait() // it has the first of the pages
		r.log.replace(memory(t, "new ", 3))
		synctest.Wait()
		second()
		time.Sleep(time.Second)
		r.expect(2, numbers("new ", 1, 3)...)
	})
}

// It comes back by itself, from the retained events on: some of them come again.
func TestSubscriptionOutlivesAnOutageOfTheLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := subscribe(t, 5, 4, 2, "a")
		defer r.cancel()
		r.expect(1, "4", "5")
		r.log.setDown(true)
		publish(t, r.log, "a", "6")
		time.Sleep(followPause / 2)
		r.log.setDown(false)
		time.Sleep(followPause)
		r.expect(2, "5", "6")
		goOn := r.holdUp()
		publish(t, r.log, "a", "7")
		synctest.Wait()
		r.log.setDown(true)
		for _, n := range numbers("", 8, 20) { // it is behind the ring when the log is out of reach
			publish(t, r.log, "a", n)
		}
		goOn()
		time.Sleep(followPause / 2)
		r.log.setDown(false)
		time.Sleep(followPause)
		r.expect(3, "19", "20")
	})
}
