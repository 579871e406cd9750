package socket_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"github.com/seawaykit/seaway/server/internal/socket"
	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

type addRequest struct{ A, B int }

type addReply struct {
	Sum    int
	Key    string
	Caller string
}

var (
	add  = command.Define[addRequest, addReply]("test.add")
	hang = command.Define[addRequest, addReply]("test.hang")
	fall = command.Define[addRequest, addReply]("test.fall")
)

// commands is a mux that knows callers by their cookie, and holds hang back
// until it may go on.
func commands(t *testing.T, goOn <-chan struct{}, ended chan<- error) *command.Mux {
	t.Helper()
	mux, err := command.NewMux(command.Options{Authorize: func(r *http.Request, _ string) (string, error) {
		c, err := r.Cookie("who")
		if err != nil {
			return "", fault.New(fault.Unauthenticated, "who is this?")
		}
		return c.Value, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	command.Handle(mux, add, func(ctx context.Context, req addRequest) (addReply, error) {
		return addReply{req.A + req.B, command.CallID(ctx), command.Identity(ctx)}, nil
	})
	command.Handle(mux, hang, func(ctx context.Context, req addRequest) (addReply, error) {
		select {
		case <-goOn:
		case <-ctx.Done():
			if ended != nil {
				ended <- ctx.Err()
			}
		}
		return addReply{}, nil
	})
	command.Handle(mux, fall, func(context.Context, addRequest) (addReply, error) { panic("on purpose") })
	return mux
}

func TestCommandsAreAnsweredAsAPostWouldBe(t *testing.T) {
	var log bytes.Buffer
	r := newRig(t, sse.Options{}, socket.Options{Commands: commands(t, nil, nil), Logger: slog.New(slog.NewTextHandler(&log, nil))})
	own := r.server.URL
	p := r.open("Cookie", "who=ann", "Origin", own)
	p.expect("hello")
	for _, tc := range []struct{ message, reply string }{
		{`{"id":7,"command":"test.add","body":{"A":1,"B":2}}`, `{"id":7,"status":200,"body":{"Sum":3,"Key":"","Caller":"ann"}}`},
		{`{"id":8,"command":"test.add","key":"k k","body":{"A":1,"B":2}}`, `{"id":8,"status":400,"body":{"error":{"code":"invalid"`},
		{`{"id":9,"command":"test.add","body":{"C":1}}`, `{"id":9,"status":400,"body":{"error":{"code":"invalid","message":"there is no such field","field":"C"}}}`},
		{`{"id":10,"command":"test.add"}`, `{"id":10,"status":400`},
		{`{"id":11,"command":"test.none","body":{}}`, `{"id":11,"status":404`},
		{`{"id":12,"command":"../events","body":{}}`, `{"id":12,"status":404`},
		{`{"id":13,"command":"test.fall","body":{}}`, `{"id":13,"status":500,"body":{"error":{"code":"internal","message":"internal error"}}}`},
		{`{}`, `{"id":0,"status":404`},
	} {
		p.send(tc.message)
		p.expect("reply " + tc.reply)
	}
	if !strings.Contains(log.String(), "on purpose") {
		t.Errorf("the panic is not in the log: %s", &log)
	}
	anonymous := r.open()
	anonymous.expect("hello")
	anonymous.send(`{"id":1,"command":"test.add","body":{"A":1,"B":2}}`)
	anonymous.expect(`reply {"id":1,"status":401`)
}

// The same key of the same caller for the same request is one key to the
// handler, over a socket and by POST.
func TestKeysOfCommandsAreThoseOfPosts(t *testing.T) {
	mux := commands(t, nil, nil)
	r := newRig(t, sse.Options{}, socket.Options{Commands: mux})
	p := r.open("Cookie", "who=ann")
	p.expect("hello")
	p.send(`{"id":1,"command":"test.add","key":"k1","body":{"A":1,"B":2}}`)
	_, bySocket := p.next()
	req, _ := http.NewRequest("POST", "/commands/test.add", strings.NewReader(`{"A":1,"B":2}`))
	req.Header = http.Header{"Content-Type": {"application/json"}, "Cookie": {"who=ann"}, "Idempotency-Key": {"k1"}}
	byPost := &response{header: http.Header{}}
	mux.ServeHTTP(byPost, req)
	if want := fmt.Sprintf(`{"id":1,"status":200,"body":%s}`, &byPost.body); bySocket != want || strings.Contains(bySocket, `"Key":""`) {
		t.Errorf("got %s, want %s", bySocket, want)
	}
	// And for another request it is refused, by whichever way that comes.
	p.send(`{"id":2,"command":"test.add","key":"k1","body":{"A":2,"B":2}}`)
	p.expect(`reply {"id":2,"status":422,"body":{"error":{"code":"key_reused"`)
}

type response struct {
	header http.Header
	body   bytes.Buffer
}

func (r *response) Header() http.Header         { return r.header }
func (r *response) Write(p []byte) (int, error) { return r.body.Write(p) }
func (r *response) WriteHeader(int)             {}

// The headers that an authorise hook may use are passed on; those of the
// upgrade are not.
func TestCommandsHaveTheHeadersOfTheirSocket(t *testing.T) {
	seen := make(chan *http.Request, 1)
	r := newRig(t, sse.Options{}, socket.Options{Commands: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen <- r
		w.WriteHeader(http.StatusTeapot)
		io.WriteString(w, "no JSON")
	})})
	p := r.open("Cookie", "who=ann", "Authorization", "Bearer x", "Origin", r.server.URL, "Sec-Fetch-Site", "same-origin", "X-User", "ann", "Idempotency-Key", "socket's")
	p.expect("hello")
	p.send(`{"id":2,"command":"../events","body":{}}`) // not the way to another path
	p.expect(`reply {"id":2,"status":404`)
	p.send(`{"id":1,"command":"any.name","key":"mine","body":[1, 2]}`)
	p.expect(`reply {"id":1,"status":418}`)
	req := <-seen
	for name, want := range map[string]string{
		"Cookie": "who=ann", "Authorization": "Bearer x", "Origin": r.server.URL, "Sec-Fetch-Site": "same-origin", "X-User": "ann",
		"Idempotency-Key": "mine", "Content-Type": "application/json", "Connection": "", "Upgrade": "", "Sec-WebSocket-Key": "",
	} {
		if got := req.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if body, _ := io.ReadAll(req.Body); string(body) != "[1, 2]" || req.Method != "POST" || req.URL.String() != "/commands/any.name" || req.RemoteAddr == "" || req.Host == "" {
		t.Errorf("%s %s from %q to %q with %s", req.Method, req.URL, req.RemoteAddr, req.Host, body)
	}
}

func TestCommandThatIsSlowHoldsNothingBackAndTooManyAreRefused(t *testing.T) {
	goOn := make(chan struct{})
	r := newRig(t, sse.Options{}, socket.Options{Commands: commands(t, goOn, nil), MaxCommands: 2})
	p := r.open("Cookie", "who=ann")
	p.expect("hello")
	p.send(`{"id":1,"command":"test.hang","body":{}}`)
	r.publish("an event")
	p.expect("test.event an event")
	p.send(`{"id":2,"command":"test.add","body":{"A":1,"B":2}}`)
	p.expect(`reply {"id":2,"status":200`)
	p.send(`{"id":3,"command":"test.hang","body":{}}`)
	p.send(`{"id":4,"command":"test.add","body":{}}`)
	p.expect(`reply {"id":4,"status":429,"body":{"error":{"code":"rate_limited"`)
	close(goOn)
	p.expect("reply", "reply")
	p.send(`{"id":5,"command":"test.add","body":{}}`)
	p.expect(`reply {"id":5,"status":200`)
}

func TestCommandsEndWithTheirSocket(t *testing.T) {
	ended := make(chan error, 1)
	r := newRig(t, sse.Options{}, socket.Options{Commands: commands(t, nil, ended)})
	p := r.open("Cookie", "who=ann")
	p.expect("hello")
	p.send(`{"id":1,"command":"test.hang","body":{}}`)
	p.send(`{"id":2,"command":"test.add","body":{}}`) // the other one has begun when this is answered
	p.expect("reply")
	p.conn.CloseNow()
	if err := <-ended; err != context.Canceled {
		t.Errorf("it ended with %v", err)
	}
}

func TestServerWithoutCommandsRefusesEach(t *testing.T) {
	r := newRig(t, sse.Options{}, socket.Options{})
	p := r.open()
	p.expect("hello")
	p.send(`{"id":1,"command":"test.add","body":{}}`)
	p.expect(`reply {"id":1,"status":403`)
}

func TestMessagesThatAreNoCommandsCloseTheSocket(t *testing.T) {
	largest := `{"id":1,"command":"test.add","body":"` + strings.Repeat("x", wire.MaxMessage-39) + `"}`
	for _, tc := range []struct {
		name string
		kind websocket.MessageType
		text string
		want string
	}{
		{"no JSON", websocket.MessageText, "hello", "END 1008"},
		{"of another form", websocket.MessageText, `{"id":"one"}`, "END 1008"},
		{"binary", websocket.MessageBinary, `{"id":1}`, "END 1003"},
		{"as large as may be", websocket.MessageText, largest, `reply {"id":1,"status":4`},
		{"too large", websocket.MessageText, largest + " ", "END 1009"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := newRig(t, sse.Options{}, socket.Options{Commands: commands(t, nil, nil)})
			p := r.open()
			p.expect("hello")
			if err := p.conn.Write(t.Context(), tc.kind, []byte(tc.text)); err != nil {
				t.Fatal(err)
			}
			p.expect(tc.want)
			until(t, "it has ended", func() bool { return tc.want[0] != 'E' || r.streams.Stats().Plain == 0 })
		})
	}
}

// An event's payload cannot pass for a reply.
func TestReplyIsNeverAnEvent(t *testing.T) {
	if event.CheckName(wire.ReplyName) == nil {
		t.Error("an event type may be called reply")
	}
}
