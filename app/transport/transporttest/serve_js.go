package transporttest

import (
	"encoding/json"
	"errors"
	"fmt"
	"syscall/js"
	"testing"
)

// A Server plays one script.
type Server struct {
	URL string // of the stream

	t    testing.TB
	base string
}

var served int

// Serve gives the answers to the clients of a URL of its own.
func Serve(t testing.TB, answers ...Answer) *Server {
	t.Helper()
	served++
	base := fmt.Sprint(Prefix, served)
	body, err := json.Marshal(answers)
	if err == nil {
		_, err = fetch(base, map[string]any{"method": "POST", "body": string(body)})
	}
	if err != nil {
		t.Fatalf("set a script: %v", err)
	}
	return &Server{URL: base + "/stream", t: t, base: base}
}

// Wait waits until there have been that many requests and that many answers are
// open, and fails the test if that does not happen.
func (s *Server) Wait(requests, open int) []Request {
	s.t.Helper()
	report := s.report(fmt.Sprintf("?requests=%d&open=%d", requests, open))
	if len(report.Requests) < requests || report.Open != open {
		s.t.Fatalf("%d requests, %d open; waited for %d and %d", len(report.Requests), report.Open, requests, open)
	}
	return report.Requests
}

// Proceed lets an answer that awaits it come to its end. It waits until there is
// one.
func (s *Server) Proceed() {
	s.t.Helper()
	if _, err := fetch(s.base+"/proceed", map[string]any{"method": "POST"}); err != nil {
		s.t.Fatalf("let a script proceed: %v", err)
	}
}

// Requests returns the requests so far.
func (s *Server) Requests() []Request {
	s.t.Helper()
	return s.report("").Requests
}

func (s *Server) report(query string) (report Report) {
	s.t.Helper()
	text, err := fetch(s.base+"/report"+query, nil)
	if err == nil {
		err = json.Unmarshal([]byte(text), &report)
	}
	if err != nil {
		s.t.Fatalf("read a report: %v", err)
	}
	return report
}

// fetch makes one request and returns the text of the answer.
func fetch(url string, init map[string]any) (string, error) {
	resp, err := await(js.Global().Call("fetch", url, init))
	if err != nil {
		return "", err
	}
	text, err := await(resp.Call("text"))
	if err != nil {
		return "", err
	}
	if status := resp.Get("status").Int(); status != 200 {
		return "", fmt.Errorf("%s: %d %s", url, status, text.String())
	}
	return text.String(), nil
}

// await blocks until a promise settles.
func await(promise js.Value) (js.Value, error) {
	settled := make(chan js.Value, 1)
	failed := make(chan error, 1)
	then := js.FuncOf(func(_ js.Value, args []js.Value) any {
		settled <- args[0]
		return nil
	})
	defer then.Release()
	catch := js.FuncOf(func(_ js.Value, args []js.Value) any {
		failed <- errors.New(args[0].Call("toString").String())
		return nil
	})
	defer catch.Release()
	promise.Call("then", then, catch)
	select {
	case v := <-settled:
		return v, nil
	case err := <-failed:
		return js.Undefined(), err
	}
}
