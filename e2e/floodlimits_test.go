package e2e_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/seawaykit/seaway/shared/wire"
)

// A localClient is a client with an address of this machine's own and, once it has asked for
// one, a cookie.
type localClient struct {
	s      *server
	client *http.Client
	cookie string
}

func (s *server) clientAt(t *testing.T, address string) *localClient {
	return &localClient{s: s, client: newClientOf(t, address)}
}

// send makes a request, and returns its status and what it says of a retry: "" for nothing.
func (v *localClient) send(method, path, contentType, body string) (status int, retry string, err error) {
	req, err := http.NewRequestWithContext(v.s.t.Context(), method, v.s.url+path, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	req.Header.Set("Content-Type", contentType)
	if v.cookie != "" {
		req.Header.Set("Cookie", v.cookie)
	}
	client := *v.client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := client.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode, resp.Header.Get("Retry-After"), err
}

// signIn makes the client a guest.
func (v *localClient) signIn(t *testing.T) {
	t.Helper()
	resp, err := v.client.Post(v.s.url+"/commands/guest.whoami", "application/json", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if all := resp.Cookies(); len(all) == 1 {
		v.cookie = all[0].Name + "=" + all[0].Value
	} else {
		t.Fatalf("a new guest is answered with %d", resp.StatusCode)
	}
}

// follow opens a stream, and returns the fault that it begins with: "" for none.
func (v *localClient) follow(ctx context.Context) (fault string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, v.s.url+"/events?topic=room.lobby", nil)
	if err != nil {
		return "", err
	}
	if v.cookie != "" {
		req.Header.Set("Cookie", v.cookie)
	}
	resp, err := v.client.Do(req)
	if err != nil {
		return "", err
	}
	context.AfterFunc(ctx, func() { resp.Body.Close() })
	lines, frame := bufio.NewScanner(resp.Body), ""
	for lines.Scan() && lines.Text() != "" {
		frame += lines.Text() + "\n"
	}
	if strings.Contains(frame, "event: fault\n") {
		return frame, nil
	}
	if !strings.Contains(frame, "event: hello\n") {
		return "", fmt.Errorf("a stream begins with %d %q (%v)", resp.StatusCode, frame, lines.Err())
	}
	return "", nil
}

// works does what a user does, and reports what was refused.
func (v *localClient) works(t *testing.T, when string) {
	t.Helper()
	for name, ask := range map[string]func() (int, string, error){
		"a post": func() (int, string, error) {
			return v.send("POST", "/commands/chat.post", "application/json", goodPost)
		},
		"a form": func() (int, string, error) {
			status, retry, err := v.send("POST", "/room/lobby", "application/x-www-form-urlencoded", "author=bob&text=hi")
			if status == http.StatusSeeOther {
				status = http.StatusOK
			}
			return status, retry, err
		},
		"a page": func() (int, string, error) { return v.send("GET", "/room/lobby", "", "") },
		"a state": func() (int, string, error) {
			return v.send("GET", "/state?topic=room.lobby&window", "", "")
		},
		"a poll":     func() (int, string, error) { return v.send("GET", "/poll?topic=room.lobby", "", "") },
		"an inquiry": func() (int, string, error) { return v.send("POST", "/commands/guest.whoami", "application/json", "{}") },
	} {
		if status, _, err := ask(); status != http.StatusOK || err != nil {
			t.Errorf("%s: %s of another is answered with %d (%v)", when, name, status, err)
		}
	}
	ctx, end := context.WithTimeout(t.Context(), waitLimit)
	defer end()
	if fault, err := v.follow(ctx); fault != "" || err != nil {
		t.Errorf("%s: a stream of another: %q (%v)", when, fault, err)
	}
}

// floodsOfRequests are what is refused by 429: one request each, of one client.
var floodsOfRequests = map[string]struct {
	signedIn          bool
	method, path      string
	contentType, body string
	least             int // that are answered before any is refused, but for those under way
}{
	"commands of an identity":   {true, "POST", "/commands/guest.whoami", "application/json", "{}", 48},
	"commands of an address":    {false, "POST", "/commands/chat.post", "application/json", goodPost, 380},
	"forms":                     {true, "POST", "/room/lobby", "application/x-www-form-urlencoded", "author=ann&text=hi", 48},
	"bytes of an identity":      {true, "POST", "/commands/guest.rename", "application/json", `{"name":"` + strings.Repeat("x", 60_000) + `"}`, 20},
	"bytes of a stranger":       {false, "POST", "/commands/chat.post", "application/json", `{"room":"` + strings.Repeat("x", 60_000) + `"}`, 20},
	"views of pages":            {false, "GET", "/room/lobby", "", "", 75},
	"addresses without a page":  {false, "GET", "/none", "", "", 75},
	"new guests":                {false, "POST", "/commands/guest.whoami", "application/json", "{}", 20},
	"commands that are refused": {true, "POST", "/commands/chat.post", "application/json", "no JSON", 48},
}

// One client does all that it can, from one address. It is refused, and told when to come
// back; a client of another address is not, and all that it does works.
func TestFloodOfEachLimitIsRefusedAndOthersAreNot(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	other := s.clientAt(t, "127.0.1.1")
	other.signIn(t)
	other.works(t, "before")
	n := 0
	for name, f := range floodsOfRequests {
		n++
		v := s.clientAt(t, fmt.Sprint("127.0.2.", n))
		if f.signedIn {
			v.signIn(t)
		}
		var answered, refused atomic.Int64
		var all sync.WaitGroup
		var stop atomic.Bool
		for range 8 {
			all.Go(func() {
				for deadline := time.Now().Add(waitLimit); !stop.Load() && time.Now().Before(deadline); {
					status, retry, err := v.send(f.method, f.path, f.contentType, f.body)
					switch {
					case err != nil:
						t.Errorf("%s: %v", name, err)
						return
					case status == http.StatusTooManyRequests && retry != "":
						refused.Add(1)
					case status == http.StatusTooManyRequests || status >= 500:
						t.Errorf("%s: %d, Retry-After %q", name, status, retry)
						return
					case refused.Load() == 0:
						answered.Add(1)
					}
				}
			})
		}
		until(t, name+" are refused", func() bool { return refused.Load() > 20 || t.Failed() })
		other.works(t, name)
		stop.Store(true)
		all.Wait()
		if got := int(answered.Load()); got < f.least {
			t.Errorf("%s: only %d were answered before one was refused", name, got)
		}
	}
}

// Streams, polls that wait and sockets count together. One too many is a stream with a fault
// that says when to come back, since another status would end a browser's EventSource.
func TestFloodOfStreamsIsRefusedAndOthersAreNot(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	other, ann, many := s.clientAt(t, "127.0.1.2"), s.clientAt(t, "127.0.3.1"), s.clientAt(t, "127.0.3.2")
	other.signIn(t)
	ann.signIn(t)
	for _, c := range []struct {
		name string
		of   *localClient
		most int
	}{{"an identity", ann, 64}, {"an address", many, 256}} {
		ctx, end := context.WithCancel(t.Context())
		defer end()
		for i := range c.most {
			if fault, err := c.of.follow(ctx); fault != "" || err != nil {
				t.Fatalf("stream %d of %s: %q (%v)", i, c.name, fault, err)
			}
		}
		for range 20 {
			if fault, err := c.of.follow(ctx); err != nil || !strings.Contains(fault, "retry: ") || !strings.Contains(fault, `"retry":true`) || !strings.Contains(fault, "rate_limited") {
				t.Errorf("one more of %s begins with %q (%v)", c.name, fault, err)
			}
		}
		if status, _, err := c.of.send("GET", "/poll?topic=room.lobby&wait=15000", "", ""); status != 200 || err != nil {
			t.Errorf("a poll of %s: %d (%v)", c.name, status, err) // with the fault in it
		}
		other.works(t, "streams of "+c.name)
	}
}

// What states that are read cost is known when they are encoded, so that their bytes count
// afterwards. /sse of the sample has no frames of the kit: one too many is told when to come
// back, and ends.
func TestFloodOfStatesAndTicksIsRefusedAndOthersAreNot(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	other, reader := s.clientAt(t, "127.0.1.3"), s.clientAt(t, "127.0.3.4")
	other.signIn(t)
	text, _ := json.Marshal(map[string]string{"room": "deck", "author": "ann", "text": strings.Repeat("\U0001F6A2", 4000)})
	for range 50 {
		if status, _, err := reader.send("POST", "/commands/chat.post", "application/json", string(text)); status != 200 || err != nil {
			t.Fatalf("a post: %d (%v)", status, err)
		}
	}
	answered := 0
	for status, retry := 200, ""; status != http.StatusTooManyRequests; answered++ {
		var err error
		if status, retry, err = reader.send("GET", "/state?topic=room.deck", "", ""); err != nil || answered > 100 || status != 200 && retry == "" {
			t.Fatalf("state %d: %d, Retry-After %q (%v)", answered, status, retry, err)
		}
	}
	if answered < 10 {
		t.Errorf("%d states of 0.8 MB are answered", answered)
	}
	other.works(t, "states")

	ctx, end := context.WithCancel(t.Context())
	defer end()
	var refused string
	for range 101 {
		req, _ := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/sse", nil) // the address is one
		resp, err := reader.client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(resp.Body)
		lines.Scan()
		refused = lines.Text()
		if lines.Scan(); !lines.Scan() { // it has ended
			refused += " and its end"
		}
		defer resp.Body.Close()
	}
	if !strings.HasPrefix(refused, "retry: ") || !strings.HasSuffix(refused, " and its end") {
		t.Errorf("the last of 101 streams begins with %q", refused)
	}
	if status, _, err := other.send("HEAD", "/sse", "", ""); status != 200 || err != nil {
		t.Errorf("another's is answered with %d (%v)", status, err)
	}
}

// Commands on a socket are those of a POST: the reply has the status.
func TestFloodOnASocketIsRefused(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	v := s.clientAt(t, "127.0.3.3")
	v.signIn(t)
	ctx, end := context.WithTimeout(t.Context(), waitLimit)
	defer end()
	conn, _, err := websocket.Dial(ctx, s.url+"/socket?topic=clock", &websocket.DialOptions{HTTPClient: &http.Client{Transport: v.client.Transport}, HTTPHeader: http.Header{"Cookie": {v.cookie}}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	const underWay = 8 // which is what a socket may have
	for answered := 0; ; {
		for i := range underWay {
			message, _ := json.Marshal(wire.Command{ID: uint64(i), Command: "guest.whoami", Body: json.RawMessage("{}")})
			if err := conn.Write(ctx, websocket.MessageText, message); err != nil {
				t.Fatal(err)
			}
		}
		for replies := 0; replies < underWay; {
			_, frames, err := conn.Read(ctx)
			if err != nil {
				t.Fatal(err)
			}
			for frame := range strings.SplitSeq(string(frames), "\n\n") {
				_, reply, ok := strings.Cut(frame, "event: reply\ndata: ")
				switch {
				case !ok:
					continue
				case !strings.Contains(reply, `"status":200`):
					if answered < 48 || !strings.Contains(reply, `"status":429`) || !strings.Contains(reply, `"retry":true`) {
						t.Errorf("after %d commands: %s", answered, reply)
					}
					return
				}
				replies++
				answered++
			}
		}
	}
}
