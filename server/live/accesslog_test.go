package live

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// Whatever a request holds, it is one line of JSON.
func TestAccessLogAsJSON(t *testing.T) {
	t.Parallel()
	r := start(t, testProgram(), "-addr", "127.0.0.1:0", "-data", t.TempDir(), "-log-format", "json")
	var address string
	for address == "" {
		var line struct{ Msg, URL, Level string }
		if err := json.Unmarshal([]byte(within(t, "a line of the log", r.lines)), &line); err != nil {
			t.Fatal(err)
		}
		if line.Msg == "listening" {
			address = line.URL
		}
	}
	req, err := http.NewRequest("GET", address+"/none?a=%22%0a", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("User-Agent", "a \"quoted\"\tone")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	follow(t, address+"/events?topic=notes").next("hello")
	r.stop()
	if status := within(t, "the end", r.status); status != 0 {
		t.Errorf("it ends with %d: %s", status, &r.stderr)
	}
	type request struct {
		Msg, Client, Method, URI, Agent string
		Status                          int
	}
	var got []request
	for line := range strings.Lines(r.stdout.String()) {
		var one request
		if err := json.Unmarshal([]byte(line), &one); err != nil {
			t.Errorf("the line %q: %v", line, err)
		}
		got = append(got, one)
	}
	want := request{"request", "127.0.0.1", "GET", "/none?a=...", "a \"quoted\"\tone", 404}
	if len(got) != 2 || got[0] != want || got[1].URI != "/events?topic=notes" || got[1].Status != 200 {
		t.Errorf("the requests are %+v", got)
	}
}
