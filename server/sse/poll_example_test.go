package sse_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/event"
)

// Polls beside streams, of one handler: the answer is a stream that has ended.
func ExampleHandler_Poll() {
	log := eventlog.NewMemory(eventlog.Retention{})
	ctx, stop := context.WithCancel(context.Background())
	var feeding sync.WaitGroup
	streams := sse.New(log, sse.Options{
		Authorize: func(*http.Request, []string) (identity string, err error) { return "everybody", nil },
	})
	feeding.Go(func() { streams.Run(ctx) })
	mux := http.NewServeMux()
	mux.Handle("/events", streams)
	mux.Handle("/poll", streams.Poll())
	server := httptest.NewServer(mux)
	defer func() {
		grace, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		streams.Shutdown(grace)
		server.Close()
		stop()
		feeding.Wait()
	}()

	_, err := log.Append(ctx, event.Draft{Topic: "harbour", Type: "tide.rose", Data: []byte(`{"metres":0.4}`)})
	if err != nil {
		fmt.Println(err)
		return
	}
	resp, err := http.Get(server.URL + "/poll?topic=harbour&last=10&wait=1000")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		fmt.Println(err)
		return
	}
	for line := range strings.Lines(string(body)) {
		if name, ok := strings.CutPrefix(line, "event: "); ok {
			fmt.Print(name)
		}
	}
	// Output:
	// hello
	// tide.rose
	// heartbeat
}
