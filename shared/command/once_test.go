//go:build !js

package command_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
)

// byUser is an authorise hook that takes the identity from a header.
func byUser(r *http.Request, _ string) (string, error) { return r.Header.Get("User"), nil }

func TestOnceIsOneKeyOfOneRequest(t *testing.T) {
	drafts := func(body string, headers ...string) (first, second event.Draft) {
		m := adder(t, command.Options{Authorize: byUser}, func(ctx context.Context) error {
			command.Once(ctx)(&first)
			command.Once(ctx, "second")(&second)
			return nil
		})
		if w := post(m, body, headers...); w.Code != 200 {
			t.Fatalf("answered %d %q", w.Code, w.Body)
		}
		return first, second
	}
	a, b := drafts(`{"a":1}`, "User", "ann", command.IdempotencyKeyHeader, "k")
	if a.Key == "" || a.Request == "" || a.Key == b.Key || a.Request != b.Request {
		t.Errorf("two events of a call go under %+v and %+v", a, b)
	}
	for name, c := range map[string]struct {
		body, user, key      string
		sameKey, sameRequest bool
	}{
		"a retry":                   {`{"a":1}`, "ann", "k", true, true},
		"another request":           {`{"a":2}`, "ann", "k", true, false},
		"another caller":            {`{"a":1}`, "bob", "k", false, true},
		"another key":               {`{"a":1}`, "ann", "k2", false, true},
		"the letters cut elsewhere": {`{"a":1}`, "an", "nk", false, true},
	} {
		got, _ := drafts(c.body, "User", c.user, command.IdempotencyKeyHeader, c.key)
		if (got.Key == a.Key) != c.sameKey || (got.Request == a.Request) != c.sameRequest {
			t.Errorf("%s: got %+v after %+v", name, got, a)
		}
	}
	if a, _ := drafts(`{"a":1}`, "User", "ann"); a.Key != "" || a.Request != "" {
		t.Errorf("without a key: %+v", a)
	}
}

func TestKeyOfAnotherRequestIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs := 0
		m := adder(t, command.Options{Authorize: byUser}, func(context.Context) error { runs++; return nil })
		for i, c := range []struct {
			body, user, key string
			refused         bool
		}{
			{`{"a":1}`, "ann", "k", false},
			{`{"a":1}`, "ann", "k", false},
			{`{"a":2}`, "ann", "k", true},
			{` { "b":0, "a" : 1 } `, "ann", "k", false},
			{`{"a":2}`, "bob", "k", false},
			{`{"a":2}`, "ann", "k2", false},
			{`{"a":2}`, "ann", "", false},
			{`{"a":1}`, "ann", "k", false},
		} {
			headers := []string{"User", c.user}
			if c.key != "" {
				headers = append(headers, command.IdempotencyKeyHeader, c.key)
			}
			switch w := post(m, c.body, headers...); {
			case c.refused:
				wantRefusal(t, fmt.Sprint("call ", i), w, fault.KeyReused, command.IdempotencyKeyHeader)
			case w.Code != 200:
				t.Errorf("call %d is answered %d %s", i, w.Code, w.Body)
			}
		}
		if runs != 7 {
			t.Errorf("the handler ran %d times, want 7", runs)
		}
		time.Sleep(2 * time.Minute)
		if w := post(m, `{"a":2}`, "User", "ann", command.IdempotencyKeyHeader, "k"); w.Code != 200 {
			t.Errorf("after two minutes: %d %s", w.Code, w.Body)
		}
	})
}

// Other commands of the mux are other requests.
func TestKeyIsOfOneCommand(t *testing.T) {
	m := adder(t, command.Options{Authorize: anyone}, nil)
	other := command.Define[addRequest, addReply](fresh())
	command.Handle(m, other, func(context.Context, addRequest) (addReply, error) { return addReply{}, nil })
	post(m, `{"a":1}`, command.IdempotencyKeyHeader, "k")
	wantRefusal(t, "another command", postTo(m, other.Name(), `{"a":1}`, command.IdempotencyKeyHeader, "k"), fault.KeyReused, command.IdempotencyKeyHeader)
}

// A caller that was refused may correct the request. After other errors the
// command may have been done.
func TestKeyOfARefusedRequestIsFree(t *testing.T) {
	var err error
	m := adder(t, command.Options{Authorize: anyone}, func(context.Context) error { return err })
	for name, c := range map[string]struct {
		err  error
		free bool
	}{
		"wrong":             {fault.Field("a", "too small"), true},
		"another's":         {fault.New(fault.KeyReused, "in the log"), true},
		"open":              {fault.New(fault.Unavailable, "the log cannot be reached"), false},
		"too much just now": {fault.New(fault.RateLimited, "later"), false},
	} {
		key := name[:4]
		err = c.err
		post(m, `{"a":1}`, command.IdempotencyKeyHeader, key)
		err = nil
		if w := post(m, `{"a":2}`, command.IdempotencyKeyHeader, key); (w.Code == 200) != c.free {
			t.Errorf("%s: the key's next request is answered %d %s", name, w.Code, w.Body)
		}
	}
}

func TestMuxForgetsTheOldestKeys(t *testing.T) {
	m := adder(t, command.Options{Authorize: anyone}, nil)
	for i := range 17_000 {
		post(m, `{"a":1}`, command.IdempotencyKeyHeader, fmt.Sprint("key-", i))
	}
	if w := post(m, `{"a":2}`, command.IdempotencyKeyHeader, "key-0"); w.Code != 200 {
		t.Errorf("the oldest is remembered: %d %s", w.Code, w.Body)
	}
	wantRefusal(t, "the newest", post(m, `{"a":2}`, command.IdempotencyKeyHeader, "key-16999"), fault.KeyReused, "")
}
