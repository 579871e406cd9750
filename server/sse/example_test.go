package sse_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
)

type level struct{ Metres float64 }

var rose = event.Define[level]("example.rose")

// A server of streams: a client that connects later receives the earlier events
// first.
func Example() {
	log := eventlog.NewMemory(eventlog.Retention{})
	ctx, stop := context.WithCancel(context.Background())
	var feeding sync.WaitGroup
	streams := sse.New(log, sse.Options{
		Authorize: func(_ *http.Request, topics []string) (identity string, err error) {
			for _, t := range topics {
				if t != "harbour" {
					return "", fault.New(fault.Forbidden, "this topic is not public")
				}
			}
			return "everybody", nil
		},
	})
	feeding.Go(func() { streams.Run(ctx) })
	server := httptest.NewServer(streams)
	defer func() { // in this order: the streams, who accepts them, what feeds them
		grace, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		streams.Shutdown(grace)
		server.Close()
		stop()
		feeding.Wait()
	}()

	for _, metres := range []float64{0.4, 0.9} {
		if _, err := rose.Publish(ctx, log, "harbour", level{metres}); err != nil {
			fmt.Println(err)
			return
		}
	}
	resp, err := http.Get(server.URL + "/events?topic=harbour&last=10")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	fmt.Println(resp.Header.Get("Content-Type"))
	name := ""
	for lines, n := bufio.NewScanner(resp.Body), 0; n < 2 && lines.Scan(); {
		if text, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
			name = text
		}
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok && name == rose.Name() {
			fmt.Println(name, data)
			n++
		}
	}

	refused, err := http.Get(server.URL + "/events?topic=bridge")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer refused.Body.Close()
	fmt.Println(refused.StatusCode)
	// Output:
	// text/event-stream; charset=utf-8
	// example.rose {"Metres":0.4}
	// example.rose {"Metres":0.9}
	// 403
}
