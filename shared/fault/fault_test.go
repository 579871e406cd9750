package fault_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/seawaykit/seaway/shared/fault"
)

// Codes, statuses and texts are what other programs were written against.
func TestCodeHasItsTextAndStatus(t *testing.T) {
	for _, c := range []struct {
		code   fault.Code
		text   string
		status int
		retry  bool
	}{
		{fault.Invalid, "invalid", 400, false},
		{fault.Unauthenticated, "unauthenticated", 401, false},
		{fault.Forbidden, "forbidden", 403, false},
		{fault.NotFound, "not_found", 404, false},
		{fault.MethodNotAllowed, "method_not_allowed", 405, false},
		{fault.Conflict, "conflict", 409, false},
		{fault.Gone, "gone", 410, false},
		{fault.TooLarge, "too_large", 413, false},
		{fault.UnsupportedMedia, "unsupported_media", 415, false},
		{fault.UpgradeRequired, "upgrade_required", 426, false},
		{fault.RateLimited, "rate_limited", 429, true},
		{fault.Internal, "internal", 500, false},
		{fault.Unreachable, "unreachable", 502, true},
		{fault.Unavailable, "unavailable", 503, true},
		{fault.Full, "full", 507, false},
		{"from_the_future", "from_the_future", 500, false},
	} {
		e := fault.New(c.code, "no %s", "luck")
		if string(e.Code) != c.text || e.Status() != c.status || e.Retry != c.retry || e.Error() != "no luck" {
			t.Errorf("%s: got %+v with status %d, want status %d and retry %v", c.text, e, e.Status(), c.status, c.retry)
		}
	}
}

func TestFieldErrorNamesTheField(t *testing.T) {
	if got, want := *fault.Field("text", "%d is too many", 9), (fault.Error{Code: fault.Invalid, Message: "9 is too many", Field: "text"}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestErrorsTravelAsJSON(t *testing.T) {
	for _, c := range []struct {
		err  *fault.Error
		json string
	}{
		{fault.New(fault.Gone, "it was here"), `{"error":{"code":"gone","message":"it was here"}}`},
		{fault.New(fault.Unavailable, "soon"), `{"error":{"code":"unavailable","message":"soon","retry":true}}`},
		{fault.Field("text", "empty"), `{"error":{"code":"invalid","message":"empty","field":"text"}}`},
	} {
		text, err := json.Marshal(fault.Body{Error: c.err})
		if err != nil || string(text) != c.json {
			t.Errorf("got %s, %v; want %s", text, err, c.json)
		}
		var got fault.Body
		if err := json.Unmarshal([]byte(c.json), &got); err != nil || *got.Error != *c.err {
			t.Errorf("%s read back as %+v, %v", c.json, got.Error, err)
		}
	}
}

func TestFromHidesOtherErrors(t *testing.T) {
	full := fault.New(fault.Full, "the log is full")
	for _, c := range []struct {
		name  string
		err   error
		want  fault.Error
		meant bool
	}{
		{"itself", full, *full, true},
		{"wrapped", fmt.Errorf("append to /var/lib: %w", full), *full, true},
		{"joined", errors.Join(errors.New("a secret"), full), *full, true},
		{"another error", errors.New("password=hunter2"), fault.Error{Code: fault.Internal, Message: "internal error"}, false},
		{"none", nil, fault.Error{Code: fault.Internal, Message: "internal error"}, false},
	} {
		got, ok := fault.From(c.err)
		if *got != c.want || ok != c.meant {
			t.Errorf("%s: got %+v and %v, want %+v and %v", c.name, got, ok, c.want, c.meant)
		}
	}
}

func TestSentinelsAreTheirOwn(t *testing.T) {
	a, b := fault.New(fault.Gone, "gone"), fault.New(fault.Gone, "gone")
	if !errors.Is(fmt.Errorf("read: %w", a), a) || errors.Is(a, b) {
		t.Error("errors.Is should distinguish two equal errors by their identity")
	}
}

// The message that a page shows, and the code that it decides by.
func TestMessageAndCodeOfReadAnyError(t *testing.T) {
	full := fault.New(fault.Full, "the room is full")
	for _, c := range []struct {
		name    string
		err     error
		code    fault.Code
		message string
	}{
		{"no error", nil, "", ""},
		{"a refusal", full, fault.Full, "the room is full"},
		{"a refusal that is wrapped", fmt.Errorf("call chat.post: %w", full), fault.Full, "the room is full"},
		{"one of several", fmt.Errorf("%w (last try: %w)", errors.New("deadline"), full), fault.Full, "the room is full"},
		{"any other", errors.New("pq: password of user postgres is wrong"), fault.Internal, "something went wrong"},
	} {
		if code, message := fault.CodeOf(c.err), fault.Message(c.err); code != c.code || message != c.message {
			t.Errorf("%s: got %q, %q; want %q, %q", c.name, code, message, c.code, c.message)
		}
	}
}
