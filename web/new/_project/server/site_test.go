package main

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/command"

	"example.com/me/app/shared/notes"
)

// The whole way, but for the browser: a call, the log, the stream.
func TestANoteThatIsWrittenIsTold(t *testing.T) {
	url := start(t)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if _, err := command.Call(ctx, notes.Write, notes.WriteRequest{Text: "hello"}, command.To(url)); err != nil {
		t.Fatal(err)
	}
	if got := firstEvent(ctx, t, url+"/events?last=1&topic="+notes.Topic); !strings.Contains(got, `"text":"hello"`) {
		t.Errorf("the stream tells %s", got)
	}
	if _, err := command.Call(ctx, notes.Write, notes.WriteRequest{}, command.To(url)); err == nil {
		t.Error("an empty note was accepted")
	}
}

// start serves a site whose log is in memory, and returns its address.
func start(t *testing.T) string {
	s, err := newSite(eventlog.NewMemory(eventlog.Retention{}))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s.handler)
	ctx, cancel := context.WithCancel(context.Background())
	var feeding sync.WaitGroup
	feeding.Go(func() { s.hub.Run(ctx) })
	t.Cleanup(func() {
		s.streams.Shutdown(ctx)
		server.Close()
		cancel()
		feeding.Wait()
	})
	return server.URL
}

// firstEvent returns the data of the stream's first event that is a note.
func firstEvent(ctx context.Context, t *testing.T, url string) string {
	req, err := http.NewRequestWithContext(ctx, "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	isNote := false
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		if name, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
			isNote = name == notes.Written.Name()
		}
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok && isNote {
			return data
		}
	}
	t.Fatal("the stream has ended without a note")
	return ""
}
