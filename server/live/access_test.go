package live

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

func TestServer_DeniesByDefault(t *testing.T) {
	s, err := New(eventlog.NewMemory(eventlog.Retention{}), Options{})
	if err != nil {
		t.Fatal(err)
	}
	Handle(s, echo, func(_ context.Context, n note) (note, error) { return n, nil })
	url := serveTest(t, s)
	t.Cleanup(func() { s.Shutdown(t.Context()) })
	for _, path := range []string{"/events?topic=notes", "/poll?topic=notes", "/socket?topic=notes"} {
		resp, body := ask(t, http.MethodGet, url+path, "")
		checkFault(t, path, resp, body, fault.Forbidden)
	}
	resp, body := call(t, url, "live.echo", `{}`)
	checkFault(t, "a command", resp, body, fault.Forbidden)
	if resp, _ := ask(t, http.MethodGet, url+"/", ""); resp.StatusCode != http.StatusNotFound {
		t.Errorf("a page of none: %d", resp.StatusCode)
	}
}

func checkFault(t *testing.T, what string, resp *http.Response, body string, want fault.Code) {
	t.Helper()
	var got fault.Body
	if err := json.Unmarshal([]byte(body), &got); err != nil || got.Error == nil {
		t.Errorf("%s: %d, %q", what, resp.StatusCode, body)
		return
	}
	if got.Error.Code != want || resp.StatusCode != got.Error.Status() {
		t.Errorf("%s: %d %+v, want %s", what, resp.StatusCode, got.Error, want)
	}
}

func TestPublic_AllowsItsTopicsOnly(t *testing.T) {
	topics := []string{"a", "b"}
	may := Public(topics...)
	topics[0] = "c"
	for asked, want := range map[string]bool{"a": true, "b": true, "c": false, "ab": false, "": false} {
		if err := may(access.Right{Topic: asked}); (err == nil) != want {
			t.Errorf("%q: %v", asked, err)
		}
	}
}

// An identifier takes the header Who for it, and notes the paths that it was asked
// about.
type identifier struct {
	mu    sync.Mutex
	asked map[string]int
}

func (i *identifier) identify(r *http.Request) (string, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.asked == nil {
		i.asked = map[string]int{}
	}
	i.asked[r.URL.Path]++
	switch caller := r.Header.Get("Who"); caller {
	case "banned":
		return "", fault.New(fault.Unauthenticated, "you have been banned")
	case "broken":
		return "", errors.New("the secret database is out of reach")
	default:
		return caller, nil
	}
}

// One function identifies every kind of request.
func TestServer_IdentifiesEveryKindOfRequestOnce(t *testing.T) {
	var caller identifier
	connected := make(chan string, 10)
	s := newTest(t, Options{
		Identify: caller.identify,
		Follow: func(r access.Right) error {
			if r.User != "ann" {
				return fault.New(fault.Forbidden, "this is Ann's")
			}
			return nil
		},
		Call: func(r access.Right) error {
			if r.User != "ann" || r.Command == "live.write" {
				return fault.New(fault.Forbidden, "this is Ann's")
			}
			return nil
		},
		OnConnect: func(_ *http.Request, identity string, _ []string) func() {
			connected <- identity
			return nil
		},
	})
	url := serveTest(t, s)
	for _, path := range []string{"/events", "/poll", "/socket"} {
		for caller, want := range map[string]fault.Code{"": fault.Forbidden, "bob": fault.Forbidden, "banned": fault.Unauthenticated} {
			resp, body := ask(t, http.MethodGet, url+path+"?topic=notes", "", "Who", caller)
			checkFault(t, caller+" on "+path, resp, body, want)
		}
	}
	if resp, body := ask(t, http.MethodGet, url+"/poll?topic=notes", "", "Who", "ann"); resp.StatusCode != 200 || within(t, "the poll", connected) != "ann" {
		t.Errorf("a poll of Ann's: %d, %s", resp.StatusCode, body)
	}
	conn, _, err := websocket.Dial(t.Context(), "ws"+strings.TrimPrefix(url, "http")+"/socket?topic=notes", &websocket.DialOptions{HTTPHeader: http.Header{"Who": {"ann"}}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	if got := within(t, "the socket", connected); got != "ann" {
		t.Errorf("a socket of Ann's is %q's", got)
	}
	checkReply(t, conn, "live.echo", 200, `{"text":"I am ann"}`)
	checkReply(t, conn, "live.write", 403, "")

	for caller, want := range map[string]int{"ann": 200, "": 403, "bob": 403, "banned": 401, "broken": 500} {
		resp, body := call(t, url, "live.echo", `{"text":"I am "}`, "Who", caller)
		if resp.StatusCode != want || (want == 200) != (body == `{"text":"I am ann"}`) {
			t.Errorf("a command of %q: %d, %s", caller, resp.StatusCode, body)
		}
	}
	for caller, want := range map[string]int{"ann": 200, "": 200, "banned": 401, "broken": 500} {
		resp, body := ask(t, http.MethodGet, url+"/", "", "Who", caller)
		if resp.StatusCode != want || (caller == "ann") != strings.Contains(body, "a page of ann") || strings.Contains(body, "secret") {
			t.Errorf("a page for %q: %d, %s", caller, resp.StatusCode, body)
		}
	}
	caller.mu.Lock()
	defer caller.mu.Unlock()
	for path, want := range map[string]int{"/events": 3, "/poll": 4, "/socket": 4, "/commands/live.echo": 5, "/": 4} {
		if got := caller.asked[path]; got != want {
			t.Errorf("it was asked %d times about %s, want %d", got, path, want)
		}
	}
}

// checkReply calls a command on a socket.
func checkReply(t *testing.T, conn *websocket.Conn, name string, status int, body string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	defer cancel()
	message, err := json.Marshal(wire.Command{ID: 7, Command: name, Body: json.RawMessage(`{"text":"I am "}`)})
	if err == nil {
		err = conn.Write(ctx, websocket.MessageText, message)
	}
	for err == nil {
		_, message, err = conn.Read(ctx)
		frame := string(message)
		_, data, isReply := strings.Cut(frame, "event: reply\ndata: ")
		if !isReply {
			continue
		}
		var got wire.Reply
		if err := json.Unmarshal([]byte(strings.TrimSpace(data)), &got); err != nil {
			t.Fatalf("%q: %v", frame, err)
		}
		if got.Status != status || (body != "" && string(got.Body) != body) {
			t.Errorf("%s on a socket: %d %s", name, got.Status, got.Body)
		}
		return
	}
	t.Fatal(err)
}

func TestServer_AnswersTheConfiguredOriginsOnly(t *testing.T) {
	const friend = "https://app.example.com"
	s := newTest(t, Options{Origins: []string{friend}})
	s.Route("/own", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusAccepted) }))
	url := serveTest(t, s)
	for _, c := range []struct {
		method, path, origin string
		status               int
		allowed              string
	}{
		{"GET", "/poll?topic=notes", friend, 200, friend},
		{"GET", "/poll?topic=notes", "https://evil.example", 200, ""},
		{"POST", "/commands/live.echo", friend, 200, friend},
		{"POST", "/commands/live.echo", "https://evil.example", 403, ""},
		{"OPTIONS", "/commands/live.echo", friend, 200, friend},
		{"OPTIONS", "/events", friend, 200, friend},
		{"GET", "/own", friend, 202, friend},
		{"GET", "/own", "https://evil.example", 202, ""},
		{"OPTIONS", "/own", friend, 200, friend},
		{"GET", "/web/app.css", friend, 200, ""},
		{"GET", "/", friend, 200, ""},
	} {
		body := ""
		if c.method == "POST" {
			body = `{}`
		}
		resp, body := ask(t, c.method, url+c.path, body, "Origin", c.origin, "Content-Type", "application/json",
			"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type, "+command.IdempotencyKeyHeader)
		if got := resp.Header.Get("Access-Control-Allow-Origin"); resp.StatusCode != c.status || got != c.allowed {
			t.Errorf("%s %s from %s: %d, allowed %q: %s", c.method, c.path, c.origin, resp.StatusCode, got, body)
		}
		if c.path == "/web/app.css" && resp.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("a file varies by %q", resp.Header.Get("Vary"))
		}
	}
	if _, err := New(eventlog.NewMemory(eventlog.Retention{}), Options{Origins: []string{"no origin"}}); err == nil {
		t.Error("an origin that is none is taken")
	}
}
