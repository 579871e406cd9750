//go:build !js

package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/shared/event"
)

// A growingHost has the events of any topics, and the state of poll.red.
type growingHost struct {
	fakeHost
	mu      sync.Mutex
	events  []event.Event
	refused bool          // the state is not for everyone
	away    bool          // the log does not answer
	gate    chan struct{} // a read waits for it; nil if none does
	reads   atomic.Int64  // of events
	checks  atomic.Int64
}

func (h *growingHost) publish(topic, text string, opts ...event.Option) {
	h.mu.Lock()
	defer h.mu.Unlock()
	d, err := written.Draft(topic, note{text})
	for _, opt := range opts {
		opt(&d)
	}
	if err != nil {
		panic(err)
	}
	e, err := event.New(id(uint64(len(h.events)+1)), d, time.Now())
	if err != nil {
		panic(err)
	}
	h.events = append(h.events, e)
}

func (h *growingHost) set(fn func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	fn()
}

func (h *growingHost) position() event.ID { return event.Position("e1", uint64(len(h.events))) }

func (h *growingHost) answer(ctx context.Context, gate chan struct{}) error {
	if gate != nil {
		<-gate
	}
	h.mu.Lock()
	away := h.away
	h.mu.Unlock()
	if away {
		<-ctx.Done()
	}
	return ctx.Err()
}

func (h *growingHost) Snapshot(ctx context.Context, topics []string, last int) (found []event.Event, at event.ID, err error) {
	h.reads.Add(1)
	h.mu.Lock()
	for _, e := range h.events {
		if slices.Contains(topics, e.Topic()) && (e.Expires().IsZero() || e.Expires().After(time.Now())) {
			found = append(found, e)
		}
	}
	at, gate := h.position(), h.gate
	h.mu.Unlock()
	return found[max(0, len(found)-last):], at, h.answer(ctx, gate)
}

func (h *growingHost) State(_ context.Context, topic string) ([]byte, string, event.ID, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.refused || topic != "poll.red" {
		return nil, "", event.ID{}, errors.New("not for everyone")
	}
	return []byte(`{"Votes":["yes"]}`), polls.Fingerprint(), h.position(), nil
}

func (h *growingHost) Unchanged(ctx context.Context, since event.ID, topics ...string) (bool, error) {
	h.checks.Add(1)
	if err := h.answer(ctx, nil); err != nil {
		return false, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range h.events {
		if slices.Contains(topics, e.Topic()) && e.ID().Seq() > since.Seq() {
			return false, nil
		}
	}
	return !h.refused || !slices.Contains(topics, "poll.red"), nil
}

// renders counts the draws of the pages below.
var renders atomic.Int64

// A viewed is a page with the notes of a topic, of its path.
type viewed struct {
	app.Compo
	*rig
	votes *Value[poll]
	opts  Options
	init  bool
}

func (p *viewed) OnInit() {
	p.rig = newRig(p.opts)
	if p.votes = State(p.Page, polls, "red"); p.init {
		p.Init()
	}
}

func (p *viewed) Render() app.UI {
	if n := renders.Add(1); failing.Load() {
		panic(fmt.Sprint("draw ", n))
	}
	return p.Shell(app.P().Text(strings.Join(p.shown, " ")), app.P().Text(strings.Join(p.votes.Now().Votes, " ")))
}

var failing atomic.Bool

var viewedRoutes = Routes{
	"/viewed":        func(Request) app.Composer { return &viewed{init: true} },
	"/uninitialised": func(Request) app.Composer { return &viewed{} },
	"/translated":    func(Request) app.Composer { return &translatedPage{} },
	"/any/{path...}": func(Request) app.Composer { return &viewed{init: true} },
}

// A viewer views the pages of a host.
type viewer struct {
	t    *testing.T
	host *growingHost
	http.Handler
	before int64
}

func newViewer(t *testing.T, change func(*Site)) *viewer {
	t.Helper()
	h, s := &growingHost{fakeHost: fakeHost{version: "v1"}}, site()
	s.Routes = viewedRoutes
	if change != nil {
		change(&s)
	}
	v := &viewer{t: t, host: h, Handler: Handler(h, s), before: renders.Load()}
	return v
}

func (v *viewer) get(path string, headers ...string) *httptest.ResponseRecorder {
	return v.do(v.t.Context(), "GET", path, headers...)
}

func (v *viewer) do(ctx context.Context, method, path string, headers ...string) *httptest.ResponseRecorder {
	w, r := httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, method, path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	v.ServeHTTP(w, r)
	return w
}

// expect expects that as many pages have been drawn since it was last called, and that
// the page has a text.
func (v *viewer) expect(when string, w *httptest.ResponseRecorder, draws int64, has string) {
	v.t.Helper()
	now := renders.Load()
	if got := now - v.before; got != draws {
		v.t.Errorf("%s: drawn %d times, want %d", when, got, draws)
	}
	v.before = now
	if !strings.Contains(w.Body.String(), has) || w.Code != 200 {
		v.t.Errorf("%s: answered %d without %q: %s", when, w.Code, has, w.Body)
	}
}

// carriedIn returns what a page carries.
func carriedIn(t *testing.T, page string) (f first) {
	t.Helper()
	_, text, _ := strings.Cut(page, `id="`+firstID+`">`)
	text, _, _ = strings.Cut(text, "</script>")
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		t.Fatal(err)
	}
	return f
}
