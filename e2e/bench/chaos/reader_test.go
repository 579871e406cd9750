package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// speak serves one answer after the other, the last one again and again, and
// notes the positions that were asked for.
func speak(t *testing.T, answers ...string) (url string, asked *[]string) {
	t.Helper()
	asked = new([]string)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, answers[min(len(*asked), len(answers)-1)])
		*asked = append(*asked, r.Header.Get("Last-Event-ID"))
	}))
	t.Cleanup(server.Close)
	return server.URL, asked
}

// hello and came are frames, each whole.
func hello(seq int, mode string) string {
	return fmt.Sprintf("id: %s\nevent: hello\ndata: {\"mode\":%q}\n\n", id(seq), mode)
}

func came(seq int, text string) string {
	return fmt.Sprintf("id: %s room.a 1796040000007\nevent: chat.posted\ndata: {\"text\":%q}\n\n", id(seq), text)
}

// listen reads all answers to the last post of room a.
func listen(t *testing.T, answers ...string) (r *reader, asked []string) {
	t.Helper()
	url, all := speak(t, answers...)
	r = newReader("reader", url, []string{"a"}, nil, newChecker())
	r.read(t.Context())
	return r, *all
}

func TestReaderResumesFromTheLastWholeFrame(t *testing.T) {
	third := came(3, lastText+"a")
	r, asked := listen(t,
		hello(1, "live")+came(2, "second")+strings.TrimSuffix(third, "\n"), // cut before its last line end
		hello(2, "resumed")+third,
	)
	if len(asked) != 2 || asked[1] != id(2) {
		t.Errorf("the positions asked for are %q", asked)
	}
	if history, _ := r.received(); len(history) != 2 || history[1] != (post{id(3), "a", lastText + "a"}) {
		t.Errorf("received %v", history)
	}
	if len(r.checker.violations) > 0 {
		t.Errorf("the checker says %q", r.checker.violations)
	}
}

func TestReaderReportsWhatAServerMayNotDo(t *testing.T) {
	last := came(9, lastText+"a")
	for _, tc := range []struct{ name, second, says string }{
		{"a reset", "event: hello\ndata: {\"mode\":\"reset\"}\n\nid: " + id(5) + "\nevent: reset\ndata: {\"reason\":\"purged\"}\n\n" + last, "was reset"},
		{"a position ignored", hello(5, "live") + last, "as if it had none"},
		{"a fault for good", "event: fault\ndata: {\"code\":\"forbidden\"}\n\n" + last, "fault"},
		{"a fault for now", "event: fault\ndata: {\"code\":\"unavailable\",\"retry\":true}\n\n" + last, ""},
	} {
		r, _ := listen(t, hello(1, "live"), tc.second)
		said := strings.Join(r.checker.violations, "\n")
		if (tc.says == "") != (said == "") || !strings.Contains(said, tc.says) {
			t.Errorf("%s: the checker says %q, want %q", tc.name, said, tc.says)
		}
	}
}

func TestPosterRetriesUnderOneKey(t *testing.T) {
	var keys []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if keys = append(keys, r.Header.Get("Idempotency-Key")); len(keys) == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
			fmt.Fprint(w, `{"error":{"code":"unavailable","retry":true}}`)
			return
		}
		fmt.Fprintf(w, `{"id":%q}`, id(7))
	}))
	defer server.Close()
	c := newChecker()
	p := &poster{name: "p", url: server.URL, client: server.Client(), chance: (&chaos{}).chance(1), checker: c}
	p.one(t.Context(), "a", "text", false)
	if len(keys) != 2 || keys[0] != "text" || keys[1] != "text" || c.idOf("text") != id(7) || len(c.violations) > 0 {
		t.Errorf("keys %q, id %q, violations %q", keys, c.idOf("text"), c.violations)
	}
}

func TestPosterReportsARefusal(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusUnprocessableEntity)
		fmt.Fprint(w, `{"error":{"code":"invalid"}}`)
	}))
	defer server.Close()
	c := newChecker()
	p := &poster{name: "p", url: server.URL, client: server.Client(), chance: (&chaos{}).chance(1), checker: c}
	p.one(t.Context(), "a", "text", false)
	if len(c.violations) != 1 || !strings.Contains(c.violations[0], "422") {
		t.Errorf("violations %q", c.violations)
	}
}
