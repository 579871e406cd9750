package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/live"

	"example.com/me/app/shared/notes"
)

var state = "/state?topic=" + notes.Lists.Topic("all")

// Everything except the browser: a call, the log, the stream, the state, and the
// HTML of a page that is opened later.
func TestNoteThatIsWrittenIsStreamedAndDrawn(t *testing.T) {
	url, _ := start(t, eventlog.NewMemory(eventlog.Retention{}))
	call(t, url, "notes.write", `{"text":"hello"}`)
	if got := find(t, url+"/events?last=1&topic="+notes.Lists.Topic("all"), "data: {"+`"text"`); !strings.Contains(got, `"text":"hello"`) {
		t.Errorf("the stream sends %s", got)
	}
	find(t, url+state, `"text":"hello"`)
	find(t, url+"/", ">hello<")
	if got := call(t, url, "notes.write", `{"text":""}`); !strings.Contains(got, "the note is empty") {
		t.Errorf("an empty note: %s", got)
	}
}

// The log keeps 50 events here. What they have come to is kept without them.
func TestNoteStaysWhenItsEventHasLeftTheLog(t *testing.T) {
	log := eventlog.NewMemory(eventlog.Retention{MaxEvents: 50})
	url, stop := start(t, log)
	call(t, url, "notes.write", `{"text":"the first"}`)
	for i := range 100 {
		call(t, url, "notes.write", fmt.Sprintf(`{"text":"another %d"}`, i))
	}
	stop()
	if left, err := log.State(t.Context()); err != nil || left.First <= 1 {
		t.Fatalf("the log holds the events from number %d on, %v", left.First, err)
	}
	url, _ = start(t, log)
	find(t, url+state, `"text":"the first"`)
	find(t, url+"/", ">the first<")
}

// start serves a log. It returns the address, and a function that ends the server.
func start(t *testing.T, log eventlog.Log) (url string, stop func()) {
	srv, err := newServer(t.Context(), live.Config{Log: log})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(srv.Handler())
	stop = func() {
		srv.Shutdown(context.Background())
		server.Close()
	}
	t.Cleanup(stop)
	return server.URL, stop
}

// call calls a command as curl does, and returns the answer.
func call(t *testing.T, url, command, request string) string {
	t.Helper()
	resp, err := http.Post(url+"/commands/"+command, "application/json", strings.NewReader(request))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}

// find returns the first line of an answer that contains a text.
func find(t *testing.T, url, text string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
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
	lines := bufio.NewScanner(resp.Body)
	for lines.Buffer(nil, 1<<20); lines.Scan(); {
		if strings.Contains(lines.Text(), text) {
			return lines.Text()
		}
	}
	t.Fatalf("%s has ended without %s: %v", url, text, lines.Err())
	return ""
}
