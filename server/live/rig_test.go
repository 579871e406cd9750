package live

import (
	"cmp"
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
)

const topic = "notes"

type note struct {
	Text string `json:"text"`
}

var (
	written = event.Define[note]("live.written")
	write   = command.Define[note, note]("live.write")
	echo    = command.Define[note, note]("live.echo")
)

// newTest returns a Server over a log in memory with a page, files and commands.
// What opts leave out is as open as can be. It is shut down at the test's end.
func newTest(t *testing.T, opts Options) *Server {
	t.Helper()
	return newTestOn(t, eventlog.NewMemory(eventlog.Retention{}), opts)
}

func newTestOn(t *testing.T, log eventlog.Log, opts Options) *Server {
	t.Helper()
	if opts.Follow == nil {
		opts.Follow = Public(topic)
	}
	if opts.Call == nil {
		opts.Call = Anyone
	}
	if opts.Files == nil {
		opts.Files = fstest.MapFS{
			"build/app.wasm":  {Data: []byte("wasm")},
			"static/app.css":  {Data: []byte("p {}")},
			"static/.private": {Data: []byte("private")},
		}
	}
	opts.Logger = cmp.Or(opts.Logger, slog.New(slog.DiscardHandler))
	s, err := New(log, opts)
	if err != nil {
		t.Fatal(err)
	}
	s.Pages(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, "<p>"+strings.Repeat("a page of ", 100)+Identity(r.Context())+"</p>")
	}))
	Handle(s, write, func(ctx context.Context, n note) (note, error) {
		_, err := written.Publish(ctx, log, topic, n, command.Once(ctx))
		return n, err
	})
	Handle(s, echo, func(ctx context.Context, n note) (note, error) { return note{n.Text + command.Identity(ctx)}, nil })
	t.Cleanup(func() {
		now, cutAll := context.WithCancel(context.Background())
		cutAll()
		s.Shutdown(now)
	})
	return s
}
