package site_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/live"
	"github.com/seawaykit/seaway/server/sample/site"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/state"
)

var testKey = bytes.Repeat([]byte("k"), 32)

// A rig is a site over a log in memory, which several rigs may share.
type rig struct {
	t      *testing.T
	log    eventlog.Log
	site   *live.Server
	server *httptest.Server
	url    string
	end    func()
}

func newRig(t *testing.T, change ...func(*site.Options)) *rig {
	t.Helper()
	opts := site.Options{Log: eventlog.NewMemory(eventlog.Retention{}), SessionKeys: [][]byte{testKey}, Live: live.Options{Logger: slog.New(slog.DiscardHandler), Limits: live.Limits{None: true}}}
	for _, c := range change {
		c(&opts)
	}
	s, err := site.New(opts)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, log: opts.Log, site: s, server: httptest.NewServer(s.Handler())}
	r.url = r.server.URL
	r.end = sync.OnceFunc(func() {
		r.server.CloseClientConnections()
		now, cutAll := context.WithCancel(context.Background())
		cutAll()
		s.Shutdown(now)
		r.server.Close()
	})
	t.Cleanup(r.end)
	return r
}

// A browser keeps its cookies.
type browser struct {
	rig    *rig
	client *http.Client
	guest  string // its guest's ID; empty if it has no cookie
}

// newGuest opens the front page and asks for the guest's identity.
func (r *rig) newGuest() *browser {
	r.t.Helper()
	b := r.newBrowser()
	b.get("/")
	b.guest = call(b, guest.Whoami, guest.WhoamiRequest{}, "").ID
	return b
}

// newBrowser has no cookie, and accepts cookies.
func (r *rig) newBrowser() *browser {
	jar, _ := cookiejar.New(nil) // it does not fail
	return &browser{rig: r, client: &http.Client{Jar: jar}}
}

// program has none and keeps none.
func (r *rig) program() *browser { return &browser{rig: r, client: &http.Client{}} }

// get returns the answer with its body read.
func (b *browser) get(path string, headers ...string) (*http.Response, string) {
	b.rig.t.Helper()
	return b.do(http.MethodGet, path, nil, headers...)
}

func (b *browser) do(method, path string, body []byte, headers ...string) (*http.Response, string) {
	b.rig.t.Helper()
	req, err := http.NewRequestWithContext(b.rig.t.Context(), method, b.rig.url+path, bytes.NewReader(body))
	if err != nil {
		b.rig.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := b.client.Do(req)
	if err != nil {
		b.rig.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		b.rig.t.Fatal(err)
	}
	return resp, string(text)
}

// send sends a command, under a key if it is not empty, and returns the refusal
// if there is one.
func send[Req, Rep any](b *browser, c command.Type[Req, Rep], req Req, key string) (rep Rep, refused *fault.Error, status int) {
	b.rig.t.Helper()
	body, err := json.Marshal(req)
	if err != nil {
		b.rig.t.Fatal(err)
	}
	headers := []string{"Content-Type", "application/json"}
	if key != "" {
		headers = append(headers, command.IdempotencyKeyHeader, key)
	}
	resp, text := b.do(http.MethodPost, command.PathPrefix+c.Name(), body, headers...)
	var answer any = &rep
	if resp.StatusCode != http.StatusOK {
		answer = &fault.Body{}
	}
	if err := json.Unmarshal([]byte(text), answer); err != nil {
		b.rig.t.Fatalf("%s: status %d, %q: %v", c.Name(), resp.StatusCode, text, err)
	}
	if f, ok := answer.(*fault.Body); ok {
		refused = f.Error
	}
	return rep, refused, resp.StatusCode
}

// call sends a command that must succeed.
func call[Req, Rep any](b *browser, c command.Type[Req, Rep], req Req, key string) Rep {
	b.rig.t.Helper()
	rep, refused, _ := send(b, c, req, key)
	if refused != nil {
		b.rig.t.Fatalf("%s: %+v", c.Name(), refused)
	}
	return rep
}

// mutate calls a mutation as send does.
func mutate[S any, Req state.Keyed, Rep any](b *browser, m state.Mutation[S, Req, Rep], req Req, key string) (Rep, *fault.Error, int) {
	b.rig.t.Helper()
	a, refused, status := send(b, m.Command(), req, key)
	return a.Reply, refused, status
}

// mustMutate calls a mutation as call does.
func mustMutate[S any, Req state.Keyed, Rep any](b *browser, m state.Mutation[S, Req, Rep], req Req, key string) Rep {
	b.rig.t.Helper()
	return call(b, m.Command(), req, key).Reply
}

// until polls what nothing can be waited for.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	deadline := time.After(2 * time.Minute)
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited 2 min until %s", what)
		}
	}
}

func mustURL(t *testing.T, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// head returns the newest position of the log.
func (r *rig) head() event.ID {
	r.t.Helper()
	state, err := r.log.State(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	return state.Position(state.Last)
}
