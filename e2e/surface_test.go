package e2e_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/sample/chat"
)

const goodPost = `{"room":"lobby","author":"ann","text":"hi"}`

// command sends a request as another program would, headers in pairs.
func (s *server) command(method, path, body string, headers ...string) (int, string, http.Header) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	client := http.Client{Timeout: waitLimit} // a stream, say, that should have been refused
	resp, err := client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	reply, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode, string(reply), resp.Header
}

func TestPostedMessageIsAnEventOfItsRoom(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	begun := time.Now()
	status, reply, header := s.command("POST", "/commands/chat.post", goodPost)
	var rep struct{ ID string }
	if err := json.Unmarshal([]byte(reply), &rep); err != nil || status != 200 || header.Get("Content-Type") != "application/json" {
		t.Fatalf("status %d, %s, %v", status, reply, header)
	}
	if _, err := event.ParseID(rep.ID); err != nil {
		t.Fatalf("the reply's id %q: %v", rep.ID, err)
	}
	e := s.events("topic=room.lobby&last=1", 1)[0]
	m, err := event.ParseMeta(e.LastEventID)
	if e.Type != "chat.posted" || err != nil || m.ID.String() != rep.ID || m.Topic != "room.lobby" {
		t.Errorf("event %q with id %q, want chat.posted with %q and its topic", e.Type, e.LastEventID, rep.ID)
	}
	if e.LastEventID != fmt.Sprint(rep.ID, " room.lobby ", m.At.UnixMilli()) || m.At.Before(begun.Add(-time.Second)) || m.At.After(time.Now().Add(time.Second)) {
		t.Errorf("its id is %q", e.LastEventID)
	}
	var payload map[string]any
	if err := json.Unmarshal([]byte(e.Data), &payload); err != nil {
		t.Fatal(err)
	}
	at, err := time.Parse(time.RFC3339, payload["at"].(string))
	if len(payload) != 4 || payload["author"] != "ann" || payload["text"] != "hi" || payload["id"] == "" || err != nil || at.Before(begun.Add(-time.Second)) || at.After(time.Now()) {
		t.Errorf("payload %s", e.Data)
	}
}

func TestRetryUnderTheSameKeyAnswersTheSameAndAppendsNothing(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	_, first, _ := s.command("POST", "/commands/chat.post", goodPost, "Idempotency-Key", "k1")
	_, again, _ := s.command("POST", "/commands/chat.post", " "+goodPost, "Idempotency-Key", "k1")
	if first != again {
		t.Errorf("first %s, then %s", first, again)
	}
	s.kill()
	s.start()
	if _, later, _ := s.command("POST", "/commands/chat.post", goodPost, "Idempotency-Key", "k1"); later != first {
		t.Errorf("first %s, and %s after a crash", first, later)
	}
	if _, other, _ := s.command("POST", "/commands/chat.post", goodPost, "Idempotency-Key", "k2"); other == first {
		t.Error("another key got the same answer")
	}
	s.post("ann", "end")
	if texts := s.roomTexts(3); strings.Join(texts, " ") != "hi hi end" {
		t.Errorf("the room holds %q", texts)
	}
}

// roomTexts returns the newest n messages of the lobby.
func (s *server) roomTexts(n int) (texts []string) {
	s.t.Helper()
	for _, e := range s.events("topic=room.lobby&last=1000", n) {
		var m chat.Message
		if err := json.Unmarshal([]byte(e.Data), &m); err != nil {
			s.t.Fatal(err)
		}
		texts = append(texts, m.Text)
	}
	return texts
}

func TestBadInputIsRefusedByNameAndChangesNothing(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	post := func(room, author, text string) string {
		body, _ := json.Marshal(chat.PostRequest{Room: room, Author: author, Text: text})
		return string(body)
	}
	cases := []struct {
		name, method, path, body string
		headers                  []string
		status                   int
		code                     fault.Code
		field                    string
	}{
		{"not JSON", "POST", "/commands/chat.post", "hello", nil, 400, fault.Invalid, ""},
		{"nothing", "POST", "/commands/chat.post", "", nil, 400, fault.Invalid, ""},
		{"half of it", "POST", "/commands/chat.post", goodPost[:20], nil, 400, fault.Invalid, ""},
		{"two values", "POST", "/commands/chat.post", goodPost + goodPost, nil, 400, fault.Invalid, ""},
		{"not UTF-8", "POST", "/commands/chat.post", `{"room":"lobby","author":"ann","text":"` + "\xff" + `"}`, nil, 400, fault.Invalid, ""},
		{"null", "POST", "/commands/chat.post", "null", nil, 400, fault.Invalid, "room"},
		{"an array", "POST", "/commands/chat.post", "[]", nil, 400, fault.Invalid, ""},
		{"an unknown field", "POST", "/commands/chat.post", `{"room":"lobby","author":"ann","text":"hi","x":1}`, nil, 400, fault.Invalid, "x"},
		{"a wrong type", "POST", "/commands/chat.post", `{"room":"lobby","author":"ann","text":5}`, nil, 400, fault.Invalid, "text"},
		{"no text", "POST", "/commands/chat.post", post("lobby", "ann", ""), nil, 400, fault.Invalid, "text"},
		{"blank text", "POST", "/commands/chat.post", post("lobby", "ann", " \n\u00a0\u200b"), nil, 400, fault.Invalid, "text"},
		{"4,001 characters", "POST", "/commands/chat.post", post("lobby", "ann", strings.Repeat("\u00fc", 4001)), nil, 400, fault.Invalid, "text"},
		{"no author", "POST", "/commands/chat.post", post("lobby", "", "hi"), nil, 400, fault.Invalid, "author"},
		{"a long author", "POST", "/commands/chat.post", post("lobby", strings.Repeat("a", 65), "hi"), nil, 400, fault.Invalid, "author"},
		{"an author of two lines", "POST", "/commands/chat.post", post("lobby", "a\nb", "hi"), nil, 400, fault.Invalid, "author"},
		{"no room", "POST", "/commands/chat.post", post("", "ann", "hi"), nil, 400, fault.Invalid, "room"},
		{"a room with a dot", "POST", "/commands/chat.post", post("lobby.x", "ann", "hi"), nil, 400, fault.Invalid, "room"},
		{"a room with a wildcard", "POST", "/commands/chat.post", post("*", "ann", "hi"), nil, 400, fault.Invalid, "room"},
		{"a long room", "POST", "/commands/chat.post", post(strings.Repeat("r", 65), "ann", "hi"), nil, 400, fault.Invalid, "room"},
		{"over 64 KiB", "POST", "/commands/chat.post", post("lobby", "ann", strings.Repeat("x", 64<<10)), nil, 413, fault.TooLarge, ""},
		{"GET", "GET", "/commands/chat.post", "", nil, 405, fault.MethodNotAllowed, ""},
		{"PUT", "PUT", "/commands/chat.post", goodPost, nil, 405, fault.MethodNotAllowed, ""},
		{"a form", "POST", "/commands/chat.post", "room=lobby", []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, fault.UnsupportedMedia, ""},
		{"no type", "POST", "/commands/chat.post", goodPost, []string{"Content-Type", ""}, 415, fault.UnsupportedMedia, ""},
		{"another command", "POST", "/commands/chat.burn", goodPost, nil, 404, fault.NotFound, ""},
		{"a bad key", "POST", "/commands/chat.post", goodPost, []string{"Idempotency-Key", "two words"}, 400, fault.Invalid, "Idempotency-Key"},
		{"a long key", "POST", "/commands/chat.post", goodPost, []string{"Idempotency-Key", strings.Repeat("k", 129)}, 400, fault.Invalid, "Idempotency-Key"},
		{"another site's page", "POST", "/commands/chat.post", goodPost, []string{"Sec-Fetch-Site", "cross-site"}, 403, fault.Forbidden, ""},
		{"another origin", "POST", "/commands/chat.post", goodPost, []string{"Origin", "https://evil.example"}, 403, fault.Forbidden, ""},
		{"a bad topic", "GET", "/events?topic=room..lobby", "", nil, 400, fault.Invalid, "topic"},
		{"no topic", "GET", "/events", "", nil, 400, fault.Invalid, "topic"},
		{"33 topics", "GET", "/events?x" + manyTopics(33), "", nil, 400, fault.Invalid, "topic"},
		{"a topic that is not public", "GET", "/events?topic=user.ann", "", nil, 403, fault.Forbidden, "topic"},
		{"a room of rooms", "GET", "/events?topic=room.a.b", "", nil, 403, fault.Forbidden, "topic"},
		{"POST to a stream", "POST", "/events?topic=clock", "", nil, 405, fault.MethodNotAllowed, ""},
	}
	for _, tc := range cases {
		status, reply, _ := s.command(tc.method, tc.path, tc.body, tc.headers...)
		var body fault.Body
		if err := json.Unmarshal([]byte(reply), &body); err != nil || body.Error == nil {
			t.Errorf("%s: status %d, and no typed error: %s", tc.name, status, reply)
			continue
		}
		if status != tc.status || body.Error.Code != tc.code || body.Error.Field != tc.field || body.Error.Message == "" {
			t.Errorf("%s: status %d, %+v; want %d, %s, field %q", tc.name, status, body.Error, tc.status, tc.code, tc.field)
		}
	}
	s.post("ann", "the only message")
	if texts := s.roomTexts(1); texts[0] != "the only message" {
		t.Errorf("the room holds %q", texts)
	}
	if logs := s.logs.String(); strings.Contains(logs, "level=ERROR") {
		t.Errorf("bad input is no error of the server's:\n%s", logs)
	}
}

func manyTopics(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("&topic=room.r" + string(rune('a'+i/26)) + string(rune('a'+i%26)))
	}
	return b.String()
}

func TestLegalInputIsAccepted(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	longest := strings.Repeat("\U0001F6A2", 4000)
	s.post("ann", longest)
	s.post(strings.Repeat("\u00fc", 64), "two\nlines\r\nand a tab\t")
	if texts := s.roomTexts(2); texts[0] != longest || texts[1] != "two\nlines\r\nand a tab\t" {
		t.Errorf("the room holds %.100q", texts)
	}
	resp, _ := s.get("/events?topic=user.ann" + manyTopics(31))
	if resp.StatusCode != 403 {
		t.Errorf("32 topics, one of them private: status %d, want 403", resp.StatusCode)
	}
}

func TestOriginsAreAnsweredOnlyIfConfigured(t *testing.T) {
	t.Parallel()
	const friend = "https://friend.example"
	preflight := []string{"Origin", friend, "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type,idempotency-key"}
	closed := startServer(t)
	if _, _, h := closed.command("OPTIONS", "/commands/chat.post", "", preflight...); h.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("by default: %v", h)
	}
	open := startServer(t, "-origins", friend)
	status, _, h := open.command("OPTIONS", "/commands/chat.post", "", preflight...)
	if status != 200 || h.Get("Access-Control-Allow-Origin") != friend || h.Get("Access-Control-Allow-Credentials") != "true" {
		t.Errorf("preflight of a configured origin: %d %v", status, h)
	}
	if status, reply, h := open.command("POST", "/commands/chat.post", goodPost, "Origin", friend); status != 200 || h.Get("Access-Control-Allow-Origin") != friend {
		t.Errorf("post of a configured origin: %d %s %v", status, reply, h)
	}
	if status, _, _ := open.command("POST", "/commands/chat.post", goodPost, "Origin", "https://evil.example"); status != 403 {
		t.Errorf("post of another origin: %d, want 403", status)
	}
	if _, _, h := open.command("GET", "/events?topic=", "", "Origin", "https://evil.example"); h.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("stream for another origin: %v", h)
	}
}

func TestRequestsAreLogged(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	s.command("POST", "/commands/chat.post", goodPost, "User-Agent", "probe/1")
	until(t, "the access log has the request", func() bool {
		return strings.Contains(s.access.String(), `"POST /commands/chat.post HTTP/1.1" 200`) && strings.Contains(s.access.String(), "probe/1")
	})
}
