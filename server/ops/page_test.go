package ops_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/server/internal/states"
	"github.com/seawaykit/seaway/server/ops"
	"github.com/seawaykit/seaway/server/sse"
)

// full has something in each part of the page, and texts that would be markup.
func full() ops.Sources {
	retention := eventlog.Retention{}.WithDefaults()
	return ops.Sources{
		Streams: func() sse.Stats { return sse.Stats{Opened: 1234567, Bytes: 5 << 20, Slow: 1} },
		Hub:     func() fanout.Stats { return fanout.Stats{Head: 42, Lag: 7, HeadAge: 90 * time.Second} },
		Log:     func() (eventlog.State, error) { return eventlog.State{Epoch: "e", First: 3, Last: 42, Events: 40}, nil },
		Healthy: func() error { return errors.Join(errors.New("the disk is <full>"), errors.New("no quorum")) },
		Ready:   func() error { return nil },
		Overview: func() ops.Overview {
			return ops.Overview{
				Host: "<b>host", Version: "v1", Started: time.Now().Add(-26 * time.Hour), Retention: &retention,
				Busiest: sse.Busiest{Topics: 100_000, Followed: []fanout.Followed{{Topic: "room.<i>", Readers: 5, Events: 3}},
					Slowest: []fanout.Slow{{Topics: []string{"a", "b"}, More: 2, Readers: 1, Lag: 9}}},
				Places: sse.Places{Streams: 4, MaxStreams: 100, OfAddress: 3, MaxPerAddress: 256},
				Kinds: []ops.Kind{
					{Stats: states.Stats{Kind: "board", Topics: 12, Bytes: 2048, Limit: 64 << 20, Changed: 2, Age: 4 * time.Second, Failed: 1,
						Failures: []states.Failure{{Topic: "board.red", Err: errors.New("<script>")}}}},
					{Stats: states.Stats{Kind: "late"}, Opening: true},
				},
				Refusals: []ops.Refusal{{What: "/events", Code: "rate_limited", Status: 429, Network: "192.0.2.0/24", Count: 3, Last: time.Now()}},
				Limits:   []ops.Limit{{Name: "Calls", Value: "20 a second"}},
			}
		},
	}
}

func ask(h http.Handler, method, url string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, url, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestPageShowsTheServer(t *testing.T) {
	w := ask(ops.Handler(full()), "GET", "http://127.0.0.1:9090/")
	body := w.Body.String()
	for _, part := range []string{
		"Not healthy", ">Ready<", "the disk is &lt;full&gt;", "<li>no quorum</li>", "&lt;b&gt;host", "up for 1\u00a0d 2\u00a0h",
		"1\u202f234\u202f567", "5.0\u00a0MiB", "1 stream was closed", "room.&lt;i&gt;", "most of 100\u202f000 topics",
		"and 2 more", "3 – 42", "of 1\u202f000\u202f000", "1\u00a0min 30\u00a0s ago", "board", "4\u00a0s", "is being opened", "&lt;script&gt;",
		"429 <code>rate_limited</code>", "192.0.2.0/24", "20 a second",
	} {
		if !strings.Contains(body, part) {
			t.Errorf("the page lacks %q", part)
		}
	}
	if strings.Contains(body, "<script") || strings.Contains(body, "http-equiv") {
		t.Error("the page has a script, or reloads without being asked")
	}
	for name, want := range map[string]string{
		"Cache-Control": "no-store", "Content-Type": "text/html; charset=utf-8", "X-Content-Type-Options": "nosniff", "Set-Cookie": "",
		"Cross-Origin-Resource-Policy": "same-origin", "Referrer-Policy": "no-referrer",
	} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if policy := w.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") {
		t.Errorf("the policy is %q", policy)
	}
	if body := ask(ops.Handler(full()), "GET", "http://localhost/?every=5").Body.String(); !strings.Contains(body, `<meta http-equiv="refresh" content="5">`) {
		t.Error("the page does not refresh every 5 s")
	}
	if body := ask(ops.Handler(full()), "GET", "http://localhost/?every=0").Body.String(); strings.Contains(body, "http-equiv") {
		t.Error("the page refreshes as often as a link wants")
	}
}

// A server that has nothing yet, and a log that is out of reach.
func TestPageOfAnEmptyServer(t *testing.T) {
	s := full()
	s.Healthy = func() error { return nil }
	s.Log = func() (eventlog.State, error) { return eventlog.State{}, eventlog.ErrUnavailable }
	s.Overview = func() ops.Overview { return ops.Overview{} }
	body := ask(ops.Handler(s), "GET", "http://[::1]:9090/").Body.String()
	for _, part := range []string{">Healthy<", "the log cannot be reached", "No topic is followed", "No stream is behind", "keeps no states", "None since the start"} {
		if !strings.Contains(body, part) {
			t.Errorf("the page lacks %q", part)
		}
	}
	if strings.Contains(body, "Problems") {
		t.Error("a healthy server has problems")
	}
}

func TestPageIsRefusedToOtherSites(t *testing.T) {
	h := ops.Handler(full())
	for _, test := range []struct {
		method, url, site string
		want              int
	}{
		{"GET", "http://localhost:9090/", "", 200},
		{"GET", "http://LOCALHOST.:9090/", "", 200},
		{"GET", "http://admin.localhost:9090/", "", 200},
		{"GET", "http://127.0.0.1:9090/", "none", 200},
		{"GET", "http://10.1.2.3/", "same-origin", 200},
		{"GET", "http://[2001:db8::1]:9090/", "", 200},
		{"HEAD", "http://localhost/", "", 200},
		{"GET", "http://evil.example/", "", 403},
		{"GET", "http://127.0.0.1.evil.example:9090/", "", 403},
		{"GET", "http://localhost.evil.example:9090/", "", 403},
		{"GET", "http://notlocalhost:9090/", "", 403},
		{"GET", "http://localhost:9090/", "cross-site", 403},
		{"GET", "http://localhost:9090/", "same-site", 403},
		{"POST", "http://localhost:9090/", "", 405},
		{"GET", "http://localhost:9090/other", "", 404},
	} {
		var header []string
		if test.site != "" {
			header = []string{"Sec-Fetch-Site", test.site}
		}
		w := ask(h, test.method, test.url, header...)
		if w.Code != test.want {
			t.Errorf("%s %s from %q: %d, want %d", test.method, test.url, test.site, w.Code, test.want)
		}
		if w.Code == 403 && (strings.Contains(w.Body.String(), "host<") || w.Header().Get("Cache-Control") != "no-store") {
			t.Errorf("%s is refused with %q", test.url, w.Body)
		}
	}
}

// However often it is asked for, what it shows is collected once a second.
func TestPageCollectsOnceASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, collected := full(), 0
		overview := s.Overview
		s.Overview = func() ops.Overview { collected++; return overview() }
		h := ops.Handler(s)
		for range 10 {
			ask(h, "GET", "http://localhost/")
			time.Sleep(300 * time.Millisecond)
		}
		if got := fmt.Sprint(collected); got != "3" {
			t.Errorf("in 3 s it was collected %s times", got)
		}
	})
}
