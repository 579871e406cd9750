package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// A target is the server that is tested.
type target struct {
	url, topic    string
	command, body string
	limit         time.Duration // of one rule
	slack         time.Duration // added to what the server may take
}

// client follows no redirect: a stream has none. It does not ask for compression, so
// that what is compressed all the same shows.
var client = &http.Client{
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Transport:     &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 10},
}

// An answer is a response that has ended.
type answer struct {
	status int
	header http.Header
	body   string
}

// ask sends a request, with headers as pairs.
func (t target) ask(ctx context.Context, method, path, body string, headers ...string) (answer, error) {
	var content io.Reader
	if body != "" {
		content = strings.NewReader(body)
	}
	req, err := http.NewRequestWithContext(ctx, method, t.url+path, content)
	if err != nil {
		return answer{}, err
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, string(text)}, err
}

// refusal checks that an answer has the status and JSON of an error.
func (a answer) refusal(status int, code string) error {
	var e struct {
		Error struct {
			Code, Message string
		}
	}
	switch err := json.Unmarshal([]byte(a.body), &e); {
	case a.status != status:
		return fmt.Errorf("it was answered with %d, want %d: %.200s", a.status, status, a.body)
	case err != nil || !strings.HasPrefix(a.header.Get("Content-Type"), "application/json"):
		return fmt.Errorf("the error is not JSON, but %s: %.200s", a.header.Get("Content-Type"), a.body)
	case e.Error.Code != code || e.Error.Message == "":
		return fmt.Errorf("the error has code %q and message %q, want code %q", e.Error.Code, e.Error.Message, code)
	}
	return nil
}

// text returns one that was never used.
func text() string { return "conformance-" + rand.Text() }

// request returns the body of a command with a text.
func (t target) request(text string) string { return strings.ReplaceAll(t.body, "TEXT", text) }

// publish sends the command, and returns the position of its event.
func (t target) publish(ctx context.Context, text string) (position string, err error) {
	a, err := t.call(ctx, t.request(text), rand.Text())
	if err != nil {
		return "", err
	}
	var reply struct{ ID string }
	if a.status != http.StatusOK || json.Unmarshal([]byte(a.body), &reply) != nil {
		return "", fmt.Errorf("the command was answered with %d: %.200s", a.status, a.body)
	}
	return reply.ID, nil
}

// call sends a request of the command under a key.
func (t target) call(ctx context.Context, body, key string) (answer, error) {
	return t.ask(ctx, http.MethodPost, "/commands/"+t.command, body, "Content-Type", "application/json", "Idempotency-Key", key)
}

// holds reports whether an event's data has a text of [text].
func holds(data, text string) bool { return bytes.Contains([]byte(data), []byte(text)) }
