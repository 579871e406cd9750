package site

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/vitals"
)

// runClock runs a node's clock until stop.
func runClock(t *testing.T, n *node) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { n.site.clock.run(ctx, n.site.server.Subscribe) })
	stop = sync.OnceFunc(func() { cancel(); running.Wait() })
	t.Cleanup(stop)
	return stop
}

// ticksOf returns the log's ticks.
func ticksOf(t *testing.T, log eventlog.Log) (all []event.Of[vitals.Tick]) {
	t.Helper()
	page, err := log.Read(t.Context(), 0, 10_000, vitals.ClockTopic)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range page.Events {
		of, err := vitals.Ticked.DecodeForm(e.Type(), e.Meta(), e.Data())
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, of)
	}
	return all
}

// Two nodes that share a log publish one tick a second together, numbered without gaps,
// and so does the node that is left, or one that is started again.
func TestClockPublishesEachSecondOnceAndCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := eventlog.NewMemory(eventlog.Retention{})
		first, second := startNode(t, log, "a"), startNode(t, log, "b")
		stopFirst, stopSecond := runClock(t, first), runClock(t, second)
		after(10 * time.Second)
		stopFirst()
		after(5 * time.Second)
		stopSecond()
		after(2 * time.Minute)
		third := startNode(t, log, "c")
		runClock(t, third)
		after(3 * time.Second)
		all := ticksOf(t, log)
		if len(all) < 17 || len(all) > 19 {
			t.Fatalf("%d ticks in 18 seconds", len(all))
		}
		for i, e := range all {
			want := "Current time is " + e.Value.At.Format("15:04:05") + " UTC"
			if e.Value.Number != i+1 || e.Value.At.Nanosecond() != 0 || e.Value.Message != want {
				t.Errorf("tick %d is %+v", i+1, e.Value)
			}
			if i > 0 && i != 15 && e.Value.At.Sub(all[i-1].Value.At) != time.Second {
				t.Errorf("tick %d comes %v after the one before", i+1, e.Value.At.Sub(all[i-1].Value.At))
			}
		}
	})
}

// A log without ticks is counted from 1, and one whose ticks have expired as well.
func TestClockBeginsAnewWhereTheLogHasNoTick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := eventlog.NewMemory(eventlog.Retention{})
		n := startNode(t, log, "")
		stop := runClock(t, n)
		after(5 * time.Second)
		stop()
		n.stop()
		after(vitals.ClockWindow)
		runClock(t, startNode(t, log, ""))
		after(2500 * time.Millisecond)
		all := ticksOf(t, log)
		if len(all) < 2 || all[0].Value.Number != 1 || all[1].Value.Number != 2 {
			t.Errorf("it begins with %+v", all)
		}
	})
}

// After its clock was set back a node goes on from there.
func TestClockThatWasSetBackGoesOn(t *testing.T) {
	c := newClock(nowhere{}, nil)
	c.change(func() { c.known = true })
	now := time.Date(2026, 5, 1, 12, 0, 0, 7e8, time.UTC)
	noon := now.Truncate(time.Second)
	c.change(func() {
		c.ticks = []tick{{Of: event.Of[vitals.Tick]{Value: vitals.Tick{At: noon, Number: 41}}}}
	})
	for ahead, want := range map[time.Duration]bool{0: false, time.Second: true, -time.Second: false, -time.Hour: true} {
		next, _, ok := c.next(now.Add(ahead))
		if ok != want || ok && (next.Number != 42 || !next.At.Equal(noon.Add(ahead))) {
			t.Errorf("%v later: %v, %+v", ahead, ok, next)
		}
	}
}

// openSSE follows the clock as a page of another maker would, until the test ends.
func openSSE(t *testing.T, url, lastEventID string) *bufio.Scanner {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/sse", nil)
	if err != nil {
		t.Fatal(err)
	}
	if lastEventID != "" {
		req.Header.Set("Last-Event-ID", lastEventID)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	if got := resp.Header.Get("Content-Type"); resp.StatusCode != 200 || got != "text/event-stream; charset=utf-8" || resp.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("status %d, %v", resp.StatusCode, resp.Header)
	}
	return bufio.NewScanner(resp.Body)
}

// nextMessage returns the next message's id and data. The frame has no other field.
func nextMessage(t *testing.T, lines *bufio.Scanner) (id, data string) {
	t.Helper()
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch {
		case name == "id":
			id = value
		case name == "data":
			data = value
		case name == "" && data != "":
			return id, data
		case name != "retry" && name != "":
			t.Fatalf("the stream has the line %q", lines.Text())
		}
	}
	t.Fatalf("the stream has ended: %v", lines.Err())
	return "", ""
}

// clockServer serves a site with n ticks in its log.
func clockServer(t *testing.T, n int) (s *Site, log eventlog.Log, url string, ids []string) {
	t.Helper()
	s, log = quietSite(t)
	server := httptest.NewServer(s.server.Handler())
	t.Cleanup(server.Close)
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	go s.server.Subscribe(ctx, s.clock.subscription())
	for i := range n {
		ids = append(ids, publishTick(t, log, i+1).String())
	}
	return s, log, server.URL, ids
}

func publishTick(t *testing.T, log eventlog.Log, n int) event.ID {
	t.Helper()
	id, err := vitals.Ticked.Publish(t.Context(), log, vitals.ClockTopic, vitals.Tick{Message: fmt.Sprint("Current time is ", n), Number: n})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// The stream that other pages follow has the ticks as messages without a name, and one
// that comes back has each once.
func TestSSESendsTheTicksAsMessagesAndResumes(t *testing.T) {
	_, log, url, ids := clockServer(t, 5)
	lines := openSSE(t, url, ids[1])
	for i := 2; i < 5; i++ {
		if id, data := nextMessage(t, lines); id != ids[i] || data != fmt.Sprintf(`{"message":"Current time is %d"}`, i+1) {
			t.Fatalf("message %s with %s, want that of tick %d", id, data, i+1)
		}
	}
	want := publishTick(t, log, 6).String()
	if id, _ := nextMessage(t, lines); id != want {
		t.Errorf("the next message is %s, want %s", id, want)
	}
	for _, unknown := range []string{"", "zzz-1-abcd", "no id"} {
		if id, _ := nextMessage(t, openSSE(t, url, unknown)); id != want {
			t.Errorf("a client with %q begins with %s, want the newest, %s", unknown, id, want)
		}
	}
}

// A stream ends when the server does, so that its client comes back, and a client that
// has gone costs nothing.
func TestSSEEndsWithTheServerAndWithTheClient(t *testing.T) {
	s, _, url, _ := clockServer(t, 1)
	lines := openSSE(t, url, "")
	nextMessage(t, lines)
	if err := s.server.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	rest := ""
	for lines.Scan() {
		rest += lines.Text()
	}
	if lines.Err() != nil || !strings.HasPrefix(rest, "retry: ") {
		t.Errorf("it ends with %q, %v", rest, lines.Err())
	}
}

func TestSSEAnswersOtherMethodsAndLimitsItsStreams(t *testing.T) {
	s, _ := quietSite(t)
	for method, want := range map[string]int{"OPTIONS": 204, "POST": 405, "DELETE": 405, "HEAD": 200} {
		w := httptest.NewRecorder()
		s.server.Handler().ServeHTTP(w, httptest.NewRequest(method, "/sse", nil))
		if w.Code != want || want != 200 && w.Header().Get("Allow") != "GET, HEAD, OPTIONS" {
			t.Errorf("%s: %d, %v", method, w.Code, w.Header())
		}
	}
	for name, open := range map[string]struct {
		all int
		by  map[string]int
	}{"of all": {maxClockStreams, nil}, "of its address": {clockStreamsPerAddress, map[string]int{"192.0.2.1": clockStreamsPerAddress}}} {
		full := &clockStream{clock: newClock(nowhere{}, nil), heartbeat: time.Minute, draining: s.server.Draining, perAddress: clockStreamsPerAddress, open: open.all, by: open.by}
		w := httptest.NewRecorder()
		full.ServeHTTP(w, httptest.NewRequest("GET", "/sse", nil))
		if w.Code != 200 || !strings.HasPrefix(w.Body.String(), "retry: 1") && !strings.HasPrefix(w.Body.String(), "retry: 2") || full.open != open.all {
			t.Errorf("one too many %s: %d, %q, %d are open", name, w.Code, w.Body, full.open)
		}
	}
	some := &clockStream{clock: newClock(nowhere{}, nil)}
	first, second := some.enter(httptest.NewRequest("GET", "/sse", nil)), some.enter(httptest.NewRequest("GET", "/sse", nil))
	if first(); some.open != 1 || some.by["192.0.2.1"] != 1 {
		t.Errorf("one of two is open: %d, %v", some.open, some.by)
	}
	if second(); some.open != 0 || len(some.by) != 0 {
		t.Errorf("none is open: %d, %v", some.open, some.by)
	}
}

// A quiet stream is not silent: proxies would end it.
func TestSSESendsHeartbeats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		quiet := &clockStream{clock: newClock(nowhere{}, nil), heartbeat: 15 * time.Second, draining: func() <-chan struct{} { return nil }}
		w := httptest.NewRecorder()
		var serving sync.WaitGroup
		serving.Go(func() { quiet.ServeHTTP(w, httptest.NewRequestWithContext(ctx, "GET", "/sse", nil)) })
		after(31 * time.Second)
		cancel()
		serving.Wait()
		if got := strings.Count(w.Body.String(), "event: heartbeat\ndata: \n\n"); got != 2 {
			t.Errorf("in 31 s it has %d heartbeats: %q", got, w.Body)
		}
	})
}
