package e2e_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// adminGet asks the operators' port.
func adminGet(addr, path string) (status int, body string) {
	resp, err := http.Get("http://" + addr + path)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(text)
}

func TestOperatorsSeeStreamsAndDeliveries(t *testing.T) {
	t.Parallel()
	admin := freeAddr(t)
	s := startServer(t, "-admin", admin)
	until(t, "the server is ready", func() bool { status, _ := adminGet(admin, "/readyz"); return status == 200 })
	if status, body := adminGet(admin, "/healthz"); status != 200 {
		t.Errorf("/healthz: %d %s", status, body)
	}
	resp, err := http.Get(s.url + "/events?topic=room.lobby")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	s.post("ann", "counted")
	until(t, "the delivery is counted", func() bool {
		_, body := adminGet(admin, "/metrics")
		return strings.Contains(body, "seaway_streams{path=\"fast\"} 1\n") && strings.Contains(body, "seaway_deliveries_total 1\n")
	})
	if resp, _ := s.get("/metrics"); resp.StatusCode != 404 {
		t.Errorf("the public port answers /metrics with %d", resp.StatusCode)
	}
}

func TestOperatorsHaveAPageOfTheServer(t *testing.T) {
	t.Parallel()
	admin := freeAddr(t)
	s := startServer(t, "-admin", admin)
	until(t, "the server is ready", func() bool { status, _ := adminGet(admin, "/readyz"); return status == 200 })
	resp, err := http.Get(s.url + "/events?topic=room.lobby")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	s.get("/events?topic=secret")
	var page string
	until(t, "the page shows the stream and the refusal", func() bool {
		_, page = adminGet(admin, "/")
		return strings.Contains(page, "<tr><td><code>room.lobby</code></td><td>1</td>") && strings.Contains(page, "403 <code>forbidden</code>")
	})
	for _, part := range []string{">Healthy<", ">Ready<", "<code>board</code>", "of 1\u202f000\u202f000"} {
		if !strings.Contains(page, part) {
			t.Errorf("the page lacks %q", part)
		}
	}
	if strings.Contains(page, "secret") {
		t.Error("the page has a parameter of a client's")
	}
	req, err := http.NewRequest("GET", "http://"+admin+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = "rebound.example"
	if resp, err := http.DefaultClient.Do(req); err != nil || resp.StatusCode != 403 {
		t.Errorf("by the name of another site: %v, %v", resp, err)
	}
}

func TestStreamsBeyondALimitAreAskedToComeBack(t *testing.T) {
	t.Parallel()
	s := startServer(t, "-max-streams-per-address", "2", "-max-topics", "1")
	for range 2 {
		resp, err := http.Get(s.url + "/events?topic=room.lobby")
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
	}
	resp, body := s.get("/events?topic=room.lobby")
	if resp.StatusCode != 200 || !strings.Contains(body, "event: fault\n") || !strings.Contains(body, "retry: ") {
		t.Errorf("the third stream: %d %q, want a fault that says when to come back", resp.StatusCode, body)
	}
	if resp, _ := s.get("/events?topic=room.lobby&topic=clock"); resp.StatusCode != 400 {
		t.Errorf("two topics where one is allowed: %d, want 400", resp.StatusCode)
	}
}
