package sse_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
)

// That polls bring what a stream brings is tested by onEachTransport. Here is what is
// their own.

// newPollRig is a rig of polls, beside streams at /stream.
func newPollRig(t *testing.T, opts sse.Options) *rig {
	t.Helper()
	return newRig(t, config{path: polls, sse: opts, narrow: true})
}

// poll makes one poll and returns its answer.
func (r *rig) poll(query string) (resp *http.Response, body string) {
	r.t.Helper()
	resp, err := r.server.Client().Get(r.server.URL + "/events?" + query)
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

// lastID returns the text of the last id field, fit for a query.
func lastID(body string) string {
	_, id, _ := strings.Cut(body[strings.LastIndex(body, "\nid: "):], "id: ")
	id, _, _ = strings.Cut(id, "\n")
	return url.QueryEscape(id)
}

// begin makes a poll in the background, and returns when it is being answered.
func (r *rig) begin(query string) (body <-chan string) {
	r.t.Helper()
	answered := make(chan string, 1)
	go func() {
		_, body := r.poll(query)
		answered <- body
	}()
	until(r.t, "the poll waits", func() bool { return r.handler.Stats().Plain == 1 })
	return answered
}

func TestPollIsAnsweredByFiniteTextThatIsNotStored(t *testing.T) {
	r := newPollRig(t, sse.Options{})
	resp, body := r.poll("topic=a")
	for name, want := range map[string]string{
		"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store, no-transform", "X-Content-Type-Options": "nosniff",
	} {
		expect(t, name, resp.Header.Get(name), want)
	}
	expect(t, "length", resp.ContentLength, int64(len(body)))
	expect(t, "frames", names(body), "hello heartbeat")
}

func TestPollWaitsForTheFirstEventOnly(t *testing.T) {
	r := newPollRig(t, sse.Options{})
	_, body := r.poll("topic=a")
	answered := r.begin("topic=a&wait=60000&after=" + lastID(body))
	r.publish("a", "1")
	body = <-answered
	if got := names(body); got != "hello 1 heartbeat" {
		t.Errorf("got %s", got)
	}
	if !strings.Contains(body, `"mode":"resumed"`) {
		t.Errorf("it is not resumed: %s", body)
	}
	until(t, "nothing is left of it", func() bool { return r.handler.Stats().Plain == 0 })
}

// The wait ends with a heartbeat, and no later than the heartbeat of a stream would come.
func TestPollThatBringsNothingEndsWithAHeartbeat(t *testing.T) {
	for _, tc := range []struct {
		heartbeat time.Duration
		wait      string
	}{{time.Hour, "20"}, {20 * time.Millisecond, "3600000"}} {
		r := newPollRig(t, sse.Options{Heartbeat: tc.heartbeat})
		begin := time.Now()
		_, body := r.poll("topic=a&wait=" + tc.wait)
		expect(t, "frames", names(body), "hello heartbeat")
		if took := time.Since(begin); took < 20*time.Millisecond {
			t.Errorf("it took %v", took)
		}
	}
}

// A reset ends the wait: a page must not go on showing what is gone.
func TestPollIsAnsweredByAResetAtOnce(t *testing.T) {
	r := newPollRig(t, sse.Options{Heartbeat: time.Hour})
	_, body := r.poll("topic=a&wait=3600000&after=" + event.NewID("elsewhere", 3, "k").String())
	expect(t, "frames", names(body), "hello reset heartbeat")
}

func TestPollHasABoundedAnswerAndTheNextHasTheRest(t *testing.T) {
	r := newPollRig(t, sse.Options{})
	_, body := r.poll("topic=a")
	after := lastID(body)
	sizes := []int{100 << 10, 100 << 10, 100 << 10, 256<<10 - 200, 10}
	for _, size := range sizes {
		r.publish("a", strings.Repeat("x", size))
	}
	until(t, "the hub has them all", func() bool {
		_, body := r.poll("topic=a")
		return strings.HasPrefix(strings.Split(lastID(body), "-")[1], "5")
	})
	for _, want := range []string{"hello 102400 102400", "hello 102400", "hello 261944", "hello 10 heartbeat", "hello heartbeat"} {
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

func TestPollThatWaitsEndsWithAByeAtTheShutdown(t *testing.T) {
	r := newPollRig(t, sse.Options{})
	answered := r.begin("topic=a&wait=60000")
	if err := r.handler.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	expect(t, "frames", names(<-answered), "hello bye")
	_, body := r.poll("topic=a")
	expect(t, "frames of a later poll", names(body), "fault")
}

func TestPollEndsWhenItsClientGoes(t *testing.T) {
	r := newPollRig(t, sse.Options{Heartbeat: time.Hour})
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, "GET", r.server.URL+"/events?topic=a&wait=3600000", nil)
	if err != nil {
		t.Fatal(err)
	}
	gone := make(chan error, 1)
	go func() {
		_, err := r.server.Client().Do(req)
		gone <- err
	}()
	until(t, "the poll waits", func() bool { return r.handler.Stats().Plain == 1 })
	cancel()
	<-gone
	until(t, "it has ended", func() bool { return r.handler.Stats().Plain == 0 })
}

func TestPollCountsAsAStream(t *testing.T) {
	r := newPollRig(t, sse.Options{MaxStreams: 1})
	resp, err := r.server.Client().Get(r.server.URL + "/stream?topic=a")
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
		return names(body) == "hello heartbeat"
	})
}

func TestPollThatIsWrongIsRefusedByStatus(t *testing.T) {
	r := newPollRig(t, sse.Options{})
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
		req, err := http.NewRequestWithContext(t.Context(), tc.method, r.server.URL+"/events?"+tc.query, nil)
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

// It gives its place back.
func TestPollWhoseClientDoesNotTakeTheAnswerIsCutOff(t *testing.T) {
	r := newPollRig(t, sse.Options{WriteTimeout: 100 * time.Millisecond})
	after := r.publish("a", "first")
	r.publish("a", strings.Repeat("x", 255<<10))
	conn, err := net.Dial("tcp", r.server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.(*net.TCPConn).SetReadBuffer(4 << 10)
	io.WriteString(conn, "GET /events?topic=a&wait=60000&after="+after.String()+" HTTP/1.1\r\nHost: x\r\n\r\n")
	until(t, "it has been opened", func() bool { return r.handler.Stats().Opened == 1 })
	ended := make(chan struct{})
	go func() { r.handler.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(2 * time.Minute):
		t.Error("it still has its place after 2 min")
	}
	if n, _ := io.Copy(io.Discard, conn); n > 255<<10 {
		t.Error("it was not cut off")
	}
}
