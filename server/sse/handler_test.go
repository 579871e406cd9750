package sse_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

func TestStreamBeginsWithHeadersAndHelloThenFollowsItsTopics(t *testing.T) {
	onEachPath(t, func(t *testing.T, p path) {
		r := newRig(t, config{path: p, sse: sse.Options{Build: "v1"}})
		before := r.publishSync("a", "before")
		s := r.stream("topic=a&topic=b", "")
		expect(t, "protocol", s.resp.ProtoMajor, map[path]int{fast: 1, plain: 1, http2: 2}[p])
		stats := r.handler.Stats()
		expect(t, "on the fast path", stats.Fast > 0, p == fast)
		expect(t, "on net/http", stats.Plain > 0, p != fast)
		expect(t, "close", s.resp.Close, false)
		expect(t, "chunks", strings.Join(s.resp.TransferEncoding, " "), map[path]string{fast: "chunked", plain: "chunked"}[p])
		for name, want := range map[string]string{
			"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no",
			"X-Content-Type-Options": "nosniff", "Content-Length": "", "Content-Encoding": "",
		} {
			expect(t, name, s.resp.Header.Get(name), want)
		}
		epoch, head := r.hub.Head()
		expect(t, "first frame", s.first.name, "hello")
		expect(t, "epoch", s.hello.Epoch, epoch)
		expect(t, "head", s.hello.Head, head)
		expect(t, "hello's id", s.first.id, head.String())
		expect(t, "mode", s.hello.Mode, wire.Live)
		expect(t, "heartbeat", s.hello.Heartbeat, 15000)
		expect(t, "build", s.hello.Build, "v1")
		if s.hello.Retry < 1000 || s.hello.Retry > 3000 {
			t.Errorf("retry %d is not within 1 and 3 s", s.hello.Retry)
		}
		if s.hello.Head.Seq() < before.Seq() || s.hello.Time.IsZero() || s.hello.Schema == nil {
			t.Errorf("incomplete hello %+v", s.hello)
		}
		r.publish("c", "not this")
		id := r.publish("a", "1")
		r.publish("b", "2")
		expect(t, "an event", s.next(), frame{id: id.String(), topic: "a", name: "test.event", data: "1"})
		expect(t, "the next", s.read(1), "2")
	})
}

func TestStreamResumesAfterTheLastEventIDOrTheAfterParameter(t *testing.T) {
	onEachTransport(t, func(t *testing.T, p path) {
		r := newRig(t, config{path: p})
		ids := make([]event.ID, 6)
		for i := range ids {
			ids[i] = r.publishSync("a", strconv.Itoa(i))
		}
		s := r.stream("topic=a&after="+ids[2].String(), "")
		expect(t, "mode", s.hello.Mode, wire.Resumed)
		expect(t, "hello's id", s.first.id, ids[2].String())
		expect(t, "after", s.read(3), "3 4 5")
		s = r.stream("topic=a&after="+ids[1].String(), ids[3].String())
		expect(t, "the header wins", s.read(2), "4 5")
		s = r.stream("topic=a&last=2&after="+ids[3].String(), "")
		expect(t, "a position wins over last", s.read(2), "4 5")
		s = r.stream("topic=a", ids[3].String()+" a 1796040000007")
		expect(t, "the text of an event's id field", s.read(2), "4 5")
		s = r.stream("topic=a&after="+ids[3].String()+"+what+is+this", "")
		expect(t, "behind the id, whatever it is,", s.read(2), "4 5")
	})
}

func TestFreshStreamBeginsWithTheLastRetainedEvents(t *testing.T) {
	onEachTransport(t, func(t *testing.T, p path) {
		r := newRig(t, config{path: p, hub: fanout.Options{MaxEvents: 4}})
		for i := range 10 {
			r.publishSync("a", strconv.Itoa(i))
		}
		s := r.stream("topic=a&last=3", "")
		expect(t, "mode", s.hello.Mode, wire.Live)
		expect(t, "events", s.read(3), "7 8 9")
		r.publish("a", "live")
		expect(t, "then", s.read(1), "live")
		again := r.stream("topic=a", s.first.id)
		expect(t, "hello's own id leads to the same", again.read(4), "7 8 9 live")
	})
}

func TestPositionThatIsGoneIsAnsweredWithAResetAndTheWindow(t *testing.T) {
	onEachTransport(t, func(t *testing.T, p path) {
		r := newRig(t, config{path: p, hub: fanout.Options{Window: 2}})
		for i := range 5 {
			r.publishSync("a", strconv.Itoa(i))
		}
		elsewhere := event.NewID("elsewhere", 3, "k").String()
		for _, tc := range []struct{ query, lastEventID, reason, window string }{
			{"topic=a", elsewhere, `{"reason":"epoch"}`, "3 4"},
			{"topic=a&last=3&after=" + elsewhere, "", `{"reason":"epoch"}`, "2 3 4"},
			{"topic=a", "what is this", `{"reason":"id"}`, "3 4"},
			{"topic=a&after=nonsense&last=1", "", `{"reason":"id"}`, "4"},
		} {
			s := r.stream(tc.query, tc.lastEventID)
			expect(t, "mode", s.hello.Mode, wire.Reset)
			expect(t, "hello's id", s.first.id, "")
			reset := s.next()
			expect(t, "frame", reset.name+reset.data, "reset"+tc.reason)
			n := len(strings.Fields(tc.window))
			expect(t, "window", s.read(n), tc.window)
			again := r.stream("topic=a", reset.id)
			expect(t, "mode after the reset's id", again.hello.Mode, wire.Resumed)
			expect(t, "window after the reset's id", again.read(n), tc.window)
		}
	})
}

func TestWrongRequestsAreRefusedByStatusWithATypedBody(t *testing.T) {
	onEachTransport(t, func(t *testing.T, p path) {
		refuse := func(_ *http.Request, topics []string) (string, error) {
			if topics[0] == "secret" {
				return "", fault.New(fault.Forbidden, "not for you")
			}
			return "", nil
		}
		r := newRig(t, config{path: p, sse: sse.Options{Authorize: refuse}})
		many := strings.Builder{}
		for i := range 33 {
			fmt.Fprintf(&many, "topic=t%d&", i)
		}
		for _, tc := range []struct {
			method, query string
			status        int
			field         string
		}{
			{"GET", "", 400, "topic"},
			{"GET", "topic=", 400, "topic"},
			{"GET", "topic=a..b", 400, "topic"},
			{"GET", "topic=a%0ab", 400, "topic"},
			{"GET", "topic=a*", 400, "topic"},
			{"GET", "topic=" + strings.Repeat("x", 129), 400, "topic"},
			{"GET", many.String(), 400, "topic"},
			{"GET", "topic=a&last=-1", 400, "last"},
			{"GET", "topic=a&last=ten", 400, "last"},
			{"GET", "topic=a&last=10001", 400, "last"},
			{"GET", "topic=a&schema=xyz", 400, "schema"},
			{"GET", "topic=a;b", 400, ""},
			{"GET", "topic=secret", 403, ""},
			{"POST", "topic=a", 405, ""},
			{"PUT", "topic=a", 405, ""},
		} {
			resp := r.ask(tc.method, tc.query)
			var body fault.Body
			if err := json.NewDecoder(resp.Body).Decode(&body); err != nil || body.Error == nil {
				t.Errorf("%s %s: no typed body: %v", tc.method, tc.query, err)
				body.Error = &fault.Error{}
			}
			what := tc.method + " " + tc.query
			expect(t, what, resp.StatusCode, tc.status)
			expect(t, what+" field", body.Error.Field, tc.field)
			expect(t, what+" type", resp.Header.Get("Content-Type"), "application/json")
			if tc.status == 405 {
				expect(t, "Allow", resp.Header.Get("Allow"), "GET")
			}
		}
	})
}

func TestAuthorizeThatIsNilRefusesEveryStream(t *testing.T) {
	w := httptest.NewRecorder()
	sse.NewHandler(nil, nil, sse.Options{}).ServeHTTP(w, httptest.NewRequest("GET", "/events?topic=a", nil))
	expect(t, "status", w.Code, 403)
}

func TestRefusalThatARetryMayCureIsAFaultOnAStream(t *testing.T) {
	onEachTransport(t, func(t *testing.T, p path) {
		busy := func(*http.Request, []string) (string, error) {
			return "", fault.New(fault.RateLimited, "too many")
		}
		r := newRig(t, config{path: p, sse: sse.Options{Authorize: busy}})
		s := r.stream("topic=a", "")
		expect(t, "frame", s.first.name, "fault")
		expect(t, "data", s.first.data, `{"code":"rate_limited","message":"too many","retry":true,"retry_ms":`+s.first.retry+`}`)
		if ms, _ := strconv.Atoi(s.first.retry); ms < 1000 || ms > 3000 {
			t.Errorf("retry %q is not within 1 and 3 s", s.first.retry)
		}
		expect(t, "then", s.next().name, "END")
	})
}

func TestQuietStreamSendsHeartbeatsWithThePositionItHasReached(t *testing.T) {
	onEachTransport(t, func(t *testing.T, p path) {
		r := newRig(t, config{path: p, sse: sse.Options{Heartbeat: 20 * time.Millisecond}})
		s := r.stream("topic=a", "")
		s.hush = false
		other := r.publish("b", "moves the head")
		for deadline := time.Now().Add(2 * time.Minute); ; {
			f := s.next()
			expect(t, "frame", f.name, "heartbeat")
			expect(t, "data", f.data, f.id)
			if f.id == other.String() {
				break
			}
			if time.Now().After(deadline) {
				t.Fatal("no heartbeat had the new head within 2 min")
			}
		}
		r.publish("a", "1")
		for f := s.next(); f.data != "1"; f = s.next() {
			expect(t, "frame", f.name, "heartbeat")
		}
	})
}

// A client that waits for what is retained learns where that ends, also if the newest
// event is of another topic.
func TestStreamSendsAHeartbeatWhenItHasCaughtUpIfAsked(t *testing.T) {
	for name, hub := range map[string]fanout.Options{"from the ring": {}, "from the log": {MaxEvents: 1, PageSize: 2}} {
		onEachTransport(t, func(t *testing.T, p path) {
			r := newRig(t, config{path: p, hub: hub, sse: sse.Options{Heartbeat: time.Hour}})
			for i := range 5 {
				r.publishSync("a", strconv.Itoa(i))
			}
			head := r.publishSync("b", "moves the head")
			for _, c := range []struct{ topic, last, want string }{{"a", "3", "2 3 4"}, {"a", "0", ""}, {"c", "3", ""}} {
				s := r.stream("topic="+c.topic+"&last="+c.last+"&catchup=1", "")
				s.hush = false
				expect(t, name, s.read(len(strings.Fields(c.want))), c.want)
				f := s.next()
				expect(t, "then", f.name, wire.HeartbeatName)
				if id, err := event.ParseID(f.id); err != nil || id.Seq() < head.Seq() {
					t.Errorf("the heartbeat is at %s, before %v", f.id, head)
				}
				if p != polls { // whose answers end so in any case
					r.publish(c.topic, "live")
					expect(t, "after that", s.read(1), "live")
				}
			}
		})
	}
}

func TestShutdownSendsByeAndLaterClientsAreAskedToComeBack(t *testing.T) {
	onEachPath(t, func(t *testing.T, p path) {
		r := newRig(t, config{path: p})
		streams := []*stream{r.stream("topic=a", ""), r.stream("topic=b", "")}
		if err := r.handler.Shutdown(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, s := range streams {
			f := s.next()
			expect(t, "frame", f.name, "bye")
			if ms, _ := strconv.Atoi(f.retry); ms < 1000 || !strings.Contains(f.data, `"reason":"shutdown"`) {
				t.Errorf("bye %+v", f)
			}
			expect(t, "then", s.next().name, "END")
		}
		expect(t, "a later client", r.stream("topic=a", "").first.name, "fault")
	})
}

func TestHandlerEndsWhenItsClientGoes(t *testing.T) {
	onEachPath(t, func(t *testing.T, p path) {
		r := newRig(t, config{path: p, sse: sse.Options{Heartbeat: time.Hour}})
		ctx, cancel := context.WithCancel(t.Context())
		req, _ := http.NewRequestWithContext(ctx, "GET", r.server.URL+"/events?topic=a", nil)
		ended := make(chan struct{})
		resp, err := r.server.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Read(make([]byte, 1))
		cancel()
		go func() {
			defer close(ended)
			r.handler.Wait()
		}()
		select {
		case <-ended:
		case <-time.After(2 * time.Minute):
			t.Error("the handler still runs 2 min after its client has gone")
		}
	})
}

func TestLogThatIsClosedEndsTheStreams(t *testing.T) {
	onEachTransport(t, func(t *testing.T, p path) {
		r := newRig(t, config{path: p, hub: fanout.Options{MaxEvents: 2}})
		for i := range 9 {
			r.publishSync("a", strconv.Itoa(i))
		}
		s := r.stream("topic=a&last=9", "")
		expect(t, "events", s.read(9), "0 1 2 3 4 5 6 7 8")
		r.log.Close()
		if f := r.stream("topic=a&last=9", "").first; f.name != "fault" {
			t.Errorf("a stream that needs a closed log begins with %q, want a fault", f.name)
		}
	})
}
