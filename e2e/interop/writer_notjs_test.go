//go:build !js

package interop_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	gosse "github.com/tmaxmax/go-sse"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

const topic = "a.b"

// waitLimit ends what a test waits for in vain.
const waitLimit = 2 * time.Minute

// stream serves a log to all clients and returns the URL of its topic.
func stream(f *testing.F, log eventlog.Log) (url string) {
	f.Helper()
	ctx, stop := context.WithCancel(context.Background())
	streams := sse.New(log, sse.Options{Authorize: func(*http.Request, []string) (string, error) { return "everybody", nil }})
	ended := make(chan struct{})
	go func() { // ended by stop
		defer close(ended)
		streams.Run(ctx)
	}()
	server := httptest.NewServer(streams)
	f.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
		stop()
		<-ended
	})
	return server.URL + "/events?topic=" + topic
}

// read returns the first frames of a stream as the other parser reads them.
func read(t *testing.T, url string, n int) (got []gosse.Event) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), waitLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	for e, err := range gosse.Read(resp.Body, &gosse.ReadConfig{MaxEventSize: 1 << 20}) {
		if err != nil {
			t.Fatalf("after %q: %v", got, err)
		}
		if got = append(got, e); len(got) == n {
			break
		}
	}
	return got
}

// Whatever an event holds, the other parser reads one event with the same id,
// name and payload out of the stream, and then the next one.
func FuzzEventsSurviveAnotherParser(f *testing.F) {
	for _, data := range []string{"", "{}", "a\nb", "a\r\nb\r", "\n", " leading", ": comment", "data: x", "id: 1\n\nevent: bye", "\ufeff", "\u2028", "\x00"} {
		f.Add("chat.posted", []byte(data))
	}
	log := eventlog.NewMemory(eventlog.Retention{})
	seen, err := log.Append(f.Context(), event.Draft{Topic: topic, Type: "test.sentinel", Data: []byte("begin")})
	if err != nil {
		f.Fatal(err)
	}
	url := stream(f, log)
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		first := event.Draft{Topic: topic, Type: name, Data: data}
		if first.Check() != nil || !utf8.Valid(data) {
			return // cannot become an event, or is no text that a stream can carry
		}
		id, err := log.Append(t.Context(), first)
		after := seen // the newest event that the streams are known to have
		if err == nil {
			seen, err = log.Append(t.Context(), event.Draft{Topic: topic, Type: "test.sentinel", Data: []byte("end")})
		}
		if err != nil {
			t.Fatal(err)
		}
		want := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(data))
		got := read(t, url+"&after="+after.String(), 3)
		if len(got) != 3 || got[0].Type != wire.HelloName || !strings.HasPrefix(got[1].LastEventID, id.String()+" "+topic+" ") || got[1].Type != name || got[1].Data != want {
			t.Fatalf("%q in an event called %s was read as %q", data, name, got)
		}
		if got[2].Type != "test.sentinel" || got[2].Data != "end" {
			t.Fatalf("the event after %q was read as %q", data, got[2])
		}
	})
}
