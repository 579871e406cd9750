package faults_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/e2e/faults/program"
	"github.com/seawaykit/seaway/shared/command"
)

// A caller keeps its cookie.
type caller struct {
	t      *testing.T
	p      *program.Program
	cookie string // empty for a program
}

// asGuest returns a caller with the cookie of a guest.
func asGuest(t *testing.T, p *program.Program) *caller {
	t.Helper()
	resp, err := http.Post(p.URL+"/commands/guest.whoami", "application/json", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	cookie, _, found := strings.Cut(resp.Header.Get("Set-Cookie"), ";")
	if !found {
		t.Fatalf("no cookie: %s", resp.Status)
	}
	return &caller{t, p, cookie}
}

// send sends a command under a key, with more headers in pairs.
func (c *caller) send(name, key, body string, headers ...string) (status int, answer string) {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.p.URL+command.PathPrefix+name, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	headers = append(headers, "Content-Type", "application/json", command.IdempotencyKeyHeader, key, "Cookie", c.cookie)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

// What a key was used for is in the log: the server need not remember it.
func TestKeysAreOfOneRequestAfterKill(t *testing.T) {
	t.Parallel()
	p := program.Start(t)
	guest, anonymous := asGuest(t, p), &caller{t: t, p: p}
	post := func(text string) string { return fmt.Sprintf(`{"room":"lobby","author":"ann","text":%q}`, text) }
	first := map[*caller]string{}
	for _, c := range []*caller{guest, anonymous} {
		status, answer := c.send("chat.post", "key-1", post("hello"))
		if first[c] = answer; status != http.StatusOK {
			t.Fatalf("a post is answered %d %s", status, answer)
		}
	}
	check := func(when string) {
		t.Helper()
		for _, c := range []*caller{guest, anonymous} {
			if status, answer := c.send("chat.post", "key-1", post("something else")); status != 422 || !strings.Contains(answer, `"key_reused"`) {
				t.Errorf("%s, another text is answered %d %s, want 422", when, status, answer)
			}
			if status, answer := c.send("chat.post", "key-1", post("hello")); status != http.StatusOK || answer != first[c] {
				t.Errorf("%s, the same again is answered %d %s, want %s", when, status, answer, first[c])
			}
		}
		if status, answer := guest.send("guest.rename", "key-1", `{"name":"Ann"}`); status != 422 {
			t.Errorf("%s, another command is answered %d %s, want 422", when, status, answer)
		}
	}
	check("before a kill")
	p.Kill()
	p.Start()
	check("after a kill")
}
