//go:build !js

package command_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/fault"
)

// fresh returns a name that no test has defined, however often the tests run.
func fresh() string { return fmt.Sprintf("test.fresh%d", names.Add(1)) }

var names atomic.Int64

// anyone is an authorise hook that allows everything.
func anyone(*http.Request, string) (string, error) { return "anyone", nil }

// adder returns a mux that adds. before, if not nil, runs first and may refuse.
func adder(t *testing.T, opts command.Options, before func(context.Context) error) *command.Mux {
	t.Helper()
	m, err := command.NewMux(opts)
	if err != nil {
		t.Fatal(err)
	}
	command.Handle(m, add, func(ctx context.Context, r addRequest) (addReply, error) {
		if before != nil {
			if err := before(ctx); err != nil {
				return addReply{}, err
			}
		}
		return addReply{Sum: r.A + r.B}, nil
	})
	return m
}

// post sends a body to a mux, with headers given as name, value.
func post(m *command.Mux, body string, headers ...string) *httptest.ResponseRecorder {
	return postTo(m, "test.add", body, headers...)
}

func postTo(m *command.Mux, name, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", "http://seaway.test/commands/"+name, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	m.ServeHTTP(w, r)
	return w
}

// wantRefusal checks for a typed error; an empty field means any.
func wantRefusal(t *testing.T, name string, w *httptest.ResponseRecorder, code fault.Code, field string) {
	t.Helper()
	var b fault.Body
	if err := json.Unmarshal(w.Body.Bytes(), &b); err != nil || b.Error == nil {
		t.Errorf("%s: answered %d %q, want a refusal", name, w.Code, w.Body)
		return
	}
	if b.Error.Code != code || w.Code != b.Error.Status() || field != "" && b.Error.Field != field {
		t.Errorf("%s: answered %d %+v, want %s %q", name, w.Code, b.Error, code, field)
	}
}

func TestCommandIsAnswered(t *testing.T) {
	w := post(adder(t, command.Options{Authorize: anyone}, nil), `{"a":1,"b":2}`)
	if w.Code != 200 || strings.TrimSpace(w.Body.String()) != `{"sum":3}` {
		t.Errorf("answered %d %q", w.Code, w.Body)
	}
	if got := w.Header().Get("Content-Type"); got != "application/json" {
		t.Errorf("Content-Type is %q", got)
	}
	if got := w.Header().Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control is %q", got)
	}
}

func TestMuxRefusesInvalidRequestsBeforeTheyRun(t *testing.T) {
	m := adder(t, command.Options{Authorize: anyone, MaxBody: 50}, func(context.Context) error {
		t.Error("the handler ran")
		return nil
	})
	for _, c := range []struct {
		name    string
		body    string
		headers []string
		code    fault.Code
		field   string
	}{
		{"a form", `a=1`, []string{"Content-Type", "application/x-www-form-urlencoded"}, fault.UnsupportedMedia, ""},
		{"plain text", `{"a":1}`, []string{"Content-Type", "text/plain"}, fault.UnsupportedMedia, ""},
		{"no content type", `{"a":1}`, []string{"Content-Type", ""}, fault.UnsupportedMedia, ""},
		{"another character set", `{"a":1}`, []string{"Content-Type", "application/json; charset=latin1"}, fault.UnsupportedMedia, ""},
		{"too many bytes", `{"a":1` + strings.Repeat(" ", 50) + `}`, nil, fault.TooLarge, ""},
		{"nothing", ``, nil, fault.Invalid, ""},
		{"half of it", `{"a":`, nil, fault.Invalid, ""},
		{"two at once", `{"a":1}{"a":1}`, nil, fault.Invalid, ""},
		{"an unknown field", `{"a":1,"c":3}`, nil, fault.Invalid, "c"},
		{"the wrong type", `{"a":"one"}`, nil, fault.Invalid, "a"},
		{"an empty key", `{"a":1}`, []string{command.IdempotencyKeyHeader, ""}, fault.Invalid, command.IdempotencyKeyHeader},
		{"a key with a space", `{"a":1}`, []string{command.IdempotencyKeyHeader, "a b"}, fault.Invalid, command.IdempotencyKeyHeader},
		{"a key of 129 bytes", `{"a":1}`, []string{command.IdempotencyKeyHeader, strings.Repeat("k", 129)}, fault.Invalid, command.IdempotencyKeyHeader},
		{"another site's page", `{"a":1}`, []string{"Sec-Fetch-Site", "cross-site"}, fault.Forbidden, ""},
		{"another origin's page", `{"a":1}`, []string{"Origin", "https://evil.test"}, fault.Forbidden, ""},
	} {
		wantRefusal(t, c.name, post(m, c.body, c.headers...), c.code, c.field)
	}
}

// The decoder would replace them by U+FFFD without an error.
func TestBytesThatAreNotUTF8AreNotMended(t *testing.T) {
	m := adder(t, command.Options{Authorize: anyone}, nil)
	echo := command.Define[string, string](fresh())
	command.Handle(m, echo, func(_ context.Context, s string) (string, error) { return s, nil })
	r := httptest.NewRequest("POST", command.PathPrefix+echo.Name(), strings.NewReader("\"a\xff\""))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	m.ServeHTTP(w, r)
	wantRefusal(t, "a broken string", w, fault.Invalid, "")
}

func TestMuxRefusesOtherMethodsAndNames(t *testing.T) {
	m := adder(t, command.Options{Authorize: anyone}, nil)
	for _, c := range []struct {
		method, path string
		code         fault.Code
	}{
		{"GET", "/commands/test.add", fault.MethodNotAllowed},
		{"PUT", "/commands/test.add", fault.MethodNotAllowed},
		{"POST", "/commands/test.subtract", fault.NotFound},
		{"POST", "/commands/", fault.NotFound},
		{"POST", "/commands/test.add/", fault.NotFound},
	} {
		w := httptest.NewRecorder()
		m.ServeHTTP(w, httptest.NewRequest(c.method, c.path, strings.NewReader("{}")))
		wantRefusal(t, c.method+" "+c.path, w, c.code, "")
		if allow := w.Header().Get("Allow"); c.code == fault.MethodNotAllowed && allow != "POST" {
			t.Errorf("%s: Allow is %q", c.method, allow)
		}
	}
}

func TestTrustedOriginMaySendCommands(t *testing.T) {
	m := adder(t, command.Options{Authorize: anyone, TrustedOrigins: []string{"https://app.test"}}, nil)
	if w := post(m, `{}`, "Origin", "https://app.test", "Sec-Fetch-Site", "cross-site"); w.Code != 200 {
		t.Errorf("answered %d %q", w.Code, w.Body)
	}
	if _, err := command.NewMux(command.Options{TrustedOrigins: []string{"app.test"}}); err == nil {
		t.Error("an origin without a scheme was accepted")
	}
}

func TestAuthorizeRefusesByDefault(t *testing.T) {
	wantRefusal(t, "no hook", post(adder(t, command.Options{}, nil), `{}`), fault.Forbidden, "")

	hook := func(r *http.Request, name string) (string, error) {
		if name != "test.add" {
			t.Errorf("the hook was asked for %q", name)
		}
		switch user := r.Header.Get("User"); user {
		case "":
			return "", fmt.Errorf("cookie: %w", fault.New(fault.Unauthenticated, "who are you?"))
		case "broken":
			return "", errors.New("no session store")
		default:
			return user, nil
		}
	}
	quiet := slog.New(slog.DiscardHandler)
	m := adder(t, command.Options{Authorize: hook, Logger: quiet}, func(ctx context.Context) error {
		if got := command.Identity(ctx); got != "ann" {
			t.Errorf("the handler has read %q", got)
		}
		return nil
	})
	wantRefusal(t, "nobody", post(m, `not even JSON`), fault.Unauthenticated, "")
	wantRefusal(t, "a broken hook", post(m, `{}`, "User", "broken"), fault.Internal, "")
	if w := post(m, `{}`, "User", "ann"); w.Code != 200 {
		t.Errorf("ann: answered %d %q", w.Code, w.Body)
	}
}

func TestHandlerFaultsAreReturnedAndOtherErrorsLogged(t *testing.T) {
	var log bytes.Buffer
	opts := command.Options{Authorize: anyone, Logger: slog.New(slog.NewTextHandler(&log, nil))}

	known := fault.Field("b", "it is zero")
	w := post(adder(t, opts, func(context.Context) error { return fmt.Errorf("divide: %w", known) }), `{}`)
	wantRefusal(t, "a fault", w, fault.Invalid, "b")
	if log.Len() > 0 {
		t.Errorf("a fault was logged: %s", &log)
	}

	w = post(adder(t, opts, func(context.Context) error { return errors.New("password=hunter2") }), `{}`)
	wantRefusal(t, "another error", w, fault.Internal, "")
	if strings.Contains(w.Body.String(), "hunter2") || !strings.Contains(log.String(), "hunter2") {
		t.Errorf("answered %q and logged %q, want the error in the log alone", w.Body, &log)
	}
}

func TestCallIDIsOfThisCallerAndThisRequest(t *testing.T) {
	var key string
	hook := func(r *http.Request, _ string) (string, error) { return r.Header.Get("User"), nil }
	keyOf := func(body string, headers ...string) string {
		key = "none yet"
		m := adder(t, command.Options{Authorize: hook}, func(ctx context.Context) error { // one that remembers no other
			key = command.CallID(ctx)
			return nil
		})
		if w := post(m, body, headers...); w.Code != 200 {
			t.Fatalf("answered %d %q", w.Code, w.Body)
		}
		return key
	}
	first := keyOf(`{"a":1}`, "User", "ann", command.IdempotencyKeyHeader, "k")
	if first == "" || strings.Trim(first, "0123456789abcdef") != "" {
		t.Errorf("the key is %q, want hexadecimal digits", first)
	}
	for name, c := range map[string]struct {
		key  string
		same bool
	}{
		"a retry":                         {keyOf(`{"a":1}`, "User", "ann", command.IdempotencyKeyHeader, "k"), true},
		"a retry in other words":          {keyOf(` { "b":0, "a" : 1 } `, "User", "ann", command.IdempotencyKeyHeader, "k"), true},
		"another key":                     {keyOf(`{"a":1}`, "User", "ann", command.IdempotencyKeyHeader, "k2"), false},
		"another caller":                  {keyOf(`{"a":1}`, "User", "bob", command.IdempotencyKeyHeader, "k"), false},
		"another request":                 {keyOf(`{"a":2}`, "User", "ann", command.IdempotencyKeyHeader, "k"), false},
		"the same letters, cut elsewhere": {keyOf(`{"a":1}`, "User", "an", command.IdempotencyKeyHeader, "nk"), false},
	} {
		if same := c.key == first; same != c.same {
			t.Errorf("%s: got %q after %q", name, c.key, first)
		}
	}
	if got := keyOf(`{"a":1}`, "User", "ann"); got != "" {
		t.Errorf("without a key of the caller's the handler was given %q", got)
	}
}

func TestIdempotencyKeyIsTheCallersOwn(t *testing.T) {
	hook := func(*http.Request, string) (string, error) { return "ann", nil }
	got := "none yet"
	m := adder(t, command.Options{Authorize: hook}, func(ctx context.Context) error {
		got = command.IdempotencyKey(ctx)
		return nil
	})
	if post(m, `{"a":1}`, command.IdempotencyKeyHeader, "k-1"); got != "k-1" {
		t.Errorf("got %q", got)
	}
	if post(m, `{"a":1}`); got != "" {
		t.Errorf("without one it got %q", got)
	}
}

func TestCommandHasOneHandler(t *testing.T) {
	for name, cmd := range map[string]command.Type[addRequest, addReply]{"a second handler": add, "a command without a name": {}} {
		m := adder(t, command.Options{}, nil)
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s was accepted", name)
				}
			}()
			command.Handle(m, cmd, func(context.Context, addRequest) (addReply, error) { return addReply{}, nil })
		}()
	}
	var none command.Type[addRequest, addReply]
	if _, err := command.Call(t.Context(), none, addRequest{}, command.To("http://seaway.test")); !errors.Is(err, command.ErrUndefined) {
		t.Errorf("a call of it: got %v, want %v", err, command.ErrUndefined)
	}
}

func TestReplyThatJSONCannotHoldIsAnInternalError(t *testing.T) {
	m, err := command.NewMux(command.Options{Authorize: anyone, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ratio := command.Define[addRequest, float64](fresh())
	command.Handle(m, ratio, func(context.Context, addRequest) (float64, error) { return math.NaN(), nil })
	r := httptest.NewRequest("POST", command.PathPrefix+ratio.Name(), strings.NewReader("{}"))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	m.ServeHTTP(w, r)
	wantRefusal(t, "NaN", w, fault.Internal, "")
}

func TestOutsideAHandlerThereIsNoCaller(t *testing.T) {
	ctx := t.Context()
	if id, key, own := command.Identity(ctx), command.CallID(ctx), command.IdempotencyKey(ctx); id != "" || key != "" || own != "" {
		t.Errorf("got %q, %q and %q", id, key, own)
	}
}
