package sse_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/event"
)

type line struct{ Text string }

var said = event.Define[line]("example.said")

// plainPage is a page that needs no wasm: its EventSource is the browser's own.
const plainPage = `<!doctype html><ol id="lines"></ol><script>
  follow(new EventSource("/events?topic=room&last=100"));
  function follow(source) {
    let last = "";
    source.addEventListener("example.said", e => {
      last = e.lastEventId;
      document.getElementById("lines").append(JSON.parse(e.data).Text, document.createElement("br"));
    });
    source.addEventListener("reset", () => document.getElementById("lines").replaceChildren());
    source.onerror = () => { // 0: the browser connects again by itself. 2: it has given up
      if (source.readyState !== EventSource.CLOSED) return;
      const url = new URL(source.url);
      if (last) url.searchParams.set("after", last);
      setTimeout(() => follow(new EventSource(url)), 1000 + 2000 * Math.random());
    };
  }
</script>`

// A server for plain pages, as web/new -plain writes one: they follow the stream and
// post messages.
func Example_plain() {
	events := eventlog.NewMemory(eventlog.Retention{}) // package embedded has one on disk
	anyone := func(*http.Request, []string) (identity string, err error) { return "", nil }
	streams := sse.New(events, sse.Options{Authorize: anyone})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- streams.Run(ctx) }()

	mux := http.NewServeMux()
	mux.Handle("GET /events", streams)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, plainPage) })
	mux.HandleFunc("POST /say", func(w http.ResponseWriter, r *http.Request) {
		if _, err := said.Publish(r.Context(), events, "room", line{r.FormValue("text")}); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
		}
	})
	server := httptest.NewServer(mux)
	defer func() {
		grace, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		streams.Shutdown(grace)
		server.Close()
		stop()
		<-ended
	}()

	posted, err := http.Post(server.URL+"/say", "application/x-www-form-urlencoded", strings.NewReader("text=hello"))
	if err != nil {
		fmt.Println(err)
		return
	}
	posted.Body.Close()
	stream, err := http.Get(server.URL + "/events?topic=room&last=100")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer stream.Body.Close()
	for frames := bufio.NewScanner(stream.Body); frames.Scan(); {
		if data, ok := strings.CutPrefix(frames.Text(), `data: {"Text":`); ok {
			fmt.Println(strings.TrimSuffix(data, "}"))
			return
		}
	}
	// Output: "hello"
}
