package poll_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/fanout"
	"github.com/seawaykit/seaway/server/poll"
	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
)

// That polls bring what a stream brings is tested in package sse. Here is what
// is their own.

// A rig is a server of polls over a log in memory.
type rig struct {
	t       *testing.T
	log     *eventlog.Memory
	streams *sse.Handler
	server  *httptest.Server
}

func newRig(t *testing.T, opts sse.Options) *rig {
	t.Helper()
	opts.Authorize = func(*http.Request, []string) (string, error) { return "", nil }
	log := eventlog.NewMemory(eventlog.Retention{})
	hub := fanout.New(log, fanout.Options{Encode: sse.EncodeEvent})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); hub.Run(ctx) }()
	streams := sse.NewHandler(hub, opts)
	mux := http.NewServeMux()
	mux.Handle("/poll", poll.NewHandler(streams))
	mux.Handle("/events", streams)
	r := &rig{t: t, log: log, streams: streams, server: httptest.NewUnstartedServer(mux)}
	r.server.Listener = narrow{r.server.Listener}
	r.server.Start()
	t.Cleanup(func() {
		r.server.CloseClientConnections()
		now, cutAll := context.WithCancel(context.Background())
		cutAll()
		streams.Shutdown(now)
		r.server.Close()
		cancel()
		<-ended
	})
	return r
}

// narrow connections hold little of what their reader does not take.
type narrow struct{ net.Listener }

func (l narrow) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err == nil {
		err = conn.(*net.TCPConn).SetWriteBuffer(4 << 10)
	}
	return conn, err
}

func (r *rig) publish(data string) event.ID {
	r.t.Helper()
	id, err := r.log.Append(r.t.Context(), event.Draft{Topic: "a", Type: "test.event", Data: []byte(data)})
	if err != nil {
		r.t.Fatal(err)
	}
	return id
}

// poll makes one poll and returns its answer.
func (r *rig) poll(query string) (resp *http.Response, body string) {
	r.t.Helper()
	resp, err := r.server.Client().Get(r.server.URL + "/poll?" + query)
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return resp, string(text)
}

// names returns the names of the frames, with the data of events.
func names(body string) string {
	var all []string
	for frame := range strings.SplitSeq(strings.TrimSuffix(body, "\n\n"), "\n\n") {
		_, after, _ := strings.Cut(frame, "event: ")
		name, data, _ := strings.Cut(after, "\ndata: ")
		if name == "test.event" {
			name = data
		}
		all = append(all, name)
	}
	return strings.Join(all, " ")
}

func lastID(body string) string {
	_, id, _ := strings.Cut(body[strings.LastIndex(body, "\nid: "):], "id: ")
	id, _, _ = strings.Cut(id, "\n")
	return id
}

func expect[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// until polls what nothing can be waited for.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	deadline := time.After(2 * time.Minute)
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited 2 min until %s", what)
		}
	}
}

// begin makes a poll in the background, and returns when it is being answered.
func (r *rig) begin(query string) (body <-chan string) {
	r.t.Helper()
	answered := make(chan string, 1)
	go func() {
		_, body := r.poll(query)
		answered <- body
	}()
	until(r.t, "the poll waits", func() bool { return r.streams.Stats().Plain == 1 })
	return answered
}

func TestAnswerIsFiniteTextThatIsNotStored(t *testing.T) {
	r := newRig(t, sse.Options{})
	resp, body := r.poll("topic=a")
	for name, want := range map[string]string{
		"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store, no-transform", "X-Content-Type-Options": "nosniff",
	} {
		expect(t, name, resp.Header.Get(name), want)
	}
	expect(t, "length", resp.ContentLength, int64(len(body)))
	expect(t, "frames", names(body), "hello beat")
}

func TestPollWaitsForTheFirstEventOnly(t *testing.T) {
	r := newRig(t, sse.Options{})
	_, body := r.poll("topic=a")
	answered := r.begin("topic=a&wait=60000&after=" + lastID(body))
	r.publish("1")
	body = <-answered
	if got := names(body); got != "hello 1 beat" {
		t.Errorf("got %s", got)
	}
	if !strings.Contains(body, `"mode":"resumed"`) {
		t.Errorf("it is not resumed: %s", body)
	}
	until(t, "nothing is left of it", func() bool { return r.streams.Stats().Plain == 0 })
}

// The wait ends with a beat, and no later than a stream would beat.
func TestPollThatBringsNothingEndsWithABeat(t *testing.T) {
	for _, tc := range []struct {
		beat time.Duration
		wait string
	}{{time.Hour, "20"}, {20 * time.Millisecond, "3600000"}} {
		r := newRig(t, sse.Options{Beat: tc.beat})
		begin := time.Now()
		_, body := r.poll("topic=a&wait=" + tc.wait)
		expect(t, "frames", names(body), "hello beat")
		if took := time.Since(begin); took < 20*time.Millisecond {
			t.Errorf("it took %v", took)
		}
	}
}

// A reset is news: a page that shows what is void is not kept waiting.
func TestResetIsAnsweredAtOnce(t *testing.T) {
	r := newRig(t, sse.Options{Beat: time.Hour})
	_, body := r.poll("topic=a&wait=3600000&after=" + event.NewID("elsewhere", 3, "k").String())
	expect(t, "frames", names(body), "hello reset beat")
}

func TestAnswersAreBoundedAndTheRestComesNext(t *testing.T) {
	r := newRig(t, sse.Options{})
	_, body := r.poll("topic=a")
	after := lastID(body)
	sizes := []int{100 << 10, 100 << 10, 100 << 10, 256<<10 - 200, 10}
	for _, size := range sizes {
		r.publish(strings.Repeat("x", size))
	}
	until(t, "the hub has them all", func() bool {
		_, body := r.poll("topic=a")
		return strings.HasPrefix(strings.Split(lastID(body), "-")[1], "5")
	})
	for _, want := range []string{"hello 102400 102400", "hello 102400", "hello 261944", "hello 10 beat", "hello beat"} {
		_, body := r.poll("topic=a&after=" + after)
		var got []string
		for name := range strings.FieldsSeq(names(body)) {
			if strings.HasPrefix(name, "x") {
				name = number(len(name))
			}
			got = append(got, name)
		}
		expect(t, "frames", strings.Join(got, " "), want)
		after = lastID(body)
	}
}

func number(n int) string {
	text, _ := json.Marshal(n)
	return string(text)
}

func TestShutdownEndsAWaitingPollWithABye(t *testing.T) {
	r := newRig(t, sse.Options{})
	answered := r.begin("topic=a&wait=60000")
	if err := r.streams.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	expect(t, "frames", names(<-answered), "hello bye")
	_, body := r.poll("topic=a")
	expect(t, "frames of a later poll", names(body), "fault")
}

func TestPollEndsWhenItsClientGoes(t *testing.T) {
	r := newRig(t, sse.Options{Beat: time.Hour})
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, "GET", r.server.URL+"/poll?topic=a&wait=3600000", nil)
	if err != nil {
		t.Fatal(err)
	}
	gone := make(chan error, 1)
	go func() {
		_, err := r.server.Client().Do(req)
		gone <- err
	}()
	until(t, "the poll waits", func() bool { return r.streams.Stats().Plain == 1 })
	cancel()
	<-gone
	until(t, "it has ended", func() bool { return r.streams.Stats().Plain == 0 })
}

func TestPollsCountAsStreams(t *testing.T) {
	r := newRig(t, sse.Options{MaxStreams: 1})
	resp, err := r.server.Client().Get(r.server.URL + "/events?topic=a")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	second, body := r.poll("topic=a&wait=60000")
	expect(t, "status", second.StatusCode, 200)
	expect(t, "type", second.Header.Get("Content-Type"), "text/plain; charset=utf-8")
	expect(t, "length", second.ContentLength, int64(len(body)))
	expect(t, "frames", names(body), "fault")
	resp.Body.Close()
	until(t, "there is room again", func() bool {
		_, body := r.poll("topic=a")
		return names(body) == "hello beat"
	})
}

func TestWrongPollsAreRefusedByStatus(t *testing.T) {
	r := newRig(t, sse.Options{})
	for _, tc := range []struct {
		method, query string
		status        int
		field         string
	}{
		{"GET", "topic=a&wait=-1", 400, "wait"},
		{"GET", "topic=a&wait=1s", 400, "wait"},
		{"GET", "topic=a&wait=3600001", 400, "wait"},
		{"GET", "topic=a;wait=1", 400, ""},
		{"POST", "topic=a", 405, ""},
		{"HEAD", "topic=a", 405, ""},
	} {
		req, err := http.NewRequestWithContext(t.Context(), tc.method, r.server.URL+"/poll?"+tc.query, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := r.server.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		var body fault.Body
		if err := json.NewDecoder(resp.Body).Decode(&body); tc.method != "HEAD" && (err != nil || body.Error.Field != tc.field) {
			t.Errorf("%s %s: %v, %+v", tc.method, tc.query, err, body.Error)
		}
		resp.Body.Close()
		expect(t, tc.method+" "+tc.query, resp.StatusCode, tc.status)
	}
}

// A reader that does not take its answer gives its place back.
func TestReaderThatDoesNotTakeItsAnswerIsCutOff(t *testing.T) {
	r := newRig(t, sse.Options{WriteTimeout: 100 * time.Millisecond})
	after := r.publish("first")
	r.publish(strings.Repeat("x", 255<<10))
	conn, err := net.Dial("tcp", r.server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.(*net.TCPConn).SetReadBuffer(4 << 10)
	io.WriteString(conn, "GET /poll?topic=a&wait=60000&after="+after.String()+" HTTP/1.1\r\nHost: x\r\n\r\n")
	until(t, "it has been opened", func() bool { return r.streams.Stats().Opened == 1 })
	ended := make(chan struct{})
	go func() { r.streams.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(2 * time.Minute):
		t.Error("it still has its place after 2 min")
	}
	if n, _ := io.Copy(io.Discard, conn); n > 255<<10 {
		t.Error("it was not cut off")
	}
}
