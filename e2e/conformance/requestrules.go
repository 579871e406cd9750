package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/coder/websocket"
)

// requestRules are those of single requests.
var requestRules = []struct {
	name  string
	check func(context.Context, target) error
}{
	{"a stream without a topic is 400", func(ctx context.Context, t target) error { return t.refused(ctx, "GET", "/events", 400, "invalid") }},
	{"a topic that is none is 400", func(ctx context.Context, t target) error {
		return t.refused(ctx, "GET", "/events?topic="+url.QueryEscape("a b"), 400, "invalid")
	}},
	{"last that is no number is 400", func(ctx context.Context, t target) error {
		return t.refused(ctx, "GET", "/events?topic="+t.topic+"&last=many", 400, "invalid")
	}},
	{"a stream is for GET only", func(ctx context.Context, t target) error {
		return t.refused(ctx, "POST", "/events?topic="+t.topic, 405, "method_not_allowed")
	}},
	{"a retry under a key publishes once and has the same answer", checkKey},
	{"a key for another request is 422", checkKeyReused},
	{"a field that is not known is 400", func(ctx context.Context, t target) error {
		body := strings.TrimSuffix(strings.TrimSpace(t.request(text())), "}") + `,"no_such_field":1}`
		return t.refusedCommand(ctx, t.command, body, "application/json", 400, "invalid")
	}},
	{"a body that is no JSON is 400", func(ctx context.Context, t target) error {
		return t.refusedCommand(ctx, t.command, "{", "application/json", 400, "invalid")
	}},
	{"a command that does not exist is 404", func(ctx context.Context, t target) error {
		return t.refusedCommand(ctx, "no.such-command", "{}", "application/json", 404, "not_found")
	}},
	{"another content type is 415", func(ctx context.Context, t target) error {
		return t.refusedCommand(ctx, t.command, t.request(text()), "text/plain", 415, "unsupported_media")
	}},
	{"a command is for POST only", func(ctx context.Context, t target) error {
		return t.refused(ctx, "GET", "/commands/"+t.command, 405, "method_not_allowed")
	}},
	{"a body that is too large is 413", func(ctx context.Context, t target) error {
		body := t.request(strings.Repeat("x", 4<<20))
		return t.refusedCommand(ctx, t.command, body, "application/json", 413, "too_large")
	}},
	{"a page of another site is 403", func(ctx context.Context, t target) error {
		a, err := t.ask(ctx, http.MethodPost, "/commands/"+t.command, t.request(text()),
			"Content-Type", "application/json", "Sec-Fetch-Site", "cross-site", "Origin", "https://conformance.example")
		if err != nil {
			return err
		}
		return a.refusal(403, "forbidden")
	}},
}

func (t target) refused(ctx context.Context, method, path string, status int, code string) error {
	a, err := t.ask(ctx, method, path, "")
	if err != nil {
		return err
	}
	return a.refusal(status, code)
}

func (t target) refusedCommand(ctx context.Context, command, body, kind string, status int, code string) error {
	a, err := t.ask(ctx, http.MethodPost, "/commands/"+command, body, "Content-Type", kind)
	if err != nil {
		return err
	}
	return a.refusal(status, code)
}

func checkKey(ctx context.Context, t target) error {
	f := follower{t, openSSE, "sse"}
	s, _, err := f.begin(ctx, "", f.query())
	if err != nil {
		return err
	}
	defer s.close()
	once, key := text(), rand.Text()
	first, err := t.call(ctx, t.request(once), key)
	if err != nil {
		return err
	}
	again, err := t.call(ctx, t.request(once), key)
	if err != nil {
		return err
	}
	if first.status != 200 || again.status != 200 || first.body != again.body {
		return fmt.Errorf("the answers are %d %s and %d %s", first.status, first.body, again.status, again.body)
	}
	end := text()
	if _, err := t.publish(ctx, end); err != nil {
		return err
	}
	events, err := collect(s, end)
	if err != nil {
		return err
	}
	return has(events, []string{once, end})
}

func checkKeyReused(ctx context.Context, t target) error {
	key := rand.Text()
	if a, err := t.call(ctx, t.request(text()), key); err != nil || a.status != 200 {
		return fmt.Errorf("the command was answered with %d %s (%v)", a.status, a.body, err)
	}
	a, err := t.call(ctx, t.request(text()), key)
	if err != nil {
		return err
	}
	return a.refusal(422, "key_reused")
}

func checkReply(ctx context.Context, f follower) error {
	s, _, err := f.begin(ctx, "", f.query())
	if err != nil {
		return err
	}
	defer s.close()
	sent := text()
	if err := s.send(fmt.Sprintf(`{"id":7,"command":%q,"key":%q,"body":%s}`, f.command, rand.Text(), f.request(sent))); err != nil {
		return err
	}
	replied, delivered := false, false
	for !replied || !delivered {
		next, err := s.next()
		if err != nil {
			return fmt.Errorf("with the reply %v and the event %v: %w", replied, delivered, err)
		}
		if next.event == "reply" {
			if !strings.Contains(next.data, `"id":7`) || !strings.Contains(next.data, `"status":200`) {
				return fmt.Errorf("the reply is %s", next.data)
			}
			replied = true
		}
		delivered = delivered || holds(next.data, sent)
	}
	return nil
}

func checkClose(ctx context.Context, f follower, message string, code int) error {
	s, _, err := f.begin(ctx, "", f.query())
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.send(message); err != nil {
		return err
	}
	for {
		if _, err := s.next(); err == nil {
			continue
		}
		if got := s.code(); got != code {
			return fmt.Errorf("it was closed with %v, want %d", websocket.StatusCode(got), code)
		}
		return nil
	}
}
