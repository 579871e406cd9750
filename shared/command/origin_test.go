//go:build !js

package command_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/fault"
)

// Behind a proxy that does not pass on the host every page is refused. The error
// on the page and in the log has to say what to do.
func TestOriginRefusedNamesBothHosts(t *testing.T) {
	var log bytes.Buffer
	m := adder(t, command.Options{Authorize: anyone, Logger: slog.New(slog.NewTextHandler(&log, nil))}, nil)
	for range 3 {
		w := post(m, `{}`, "Origin", "https://example.com")
		wantRefusal(t, "a page behind a proxy", w, fault.Forbidden, "")
		if got := message(t, w); got != `the page is of "https://example.com", and this server was asked as "seaway.test": `+
			`let the proxy pass on the Host header, or trust the origin (-origins, or TrustedOrigins)` {
			t.Errorf("it receives %s", got)
		}
	}
	if got := log.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "example.com") || !strings.Contains(got, "seaway.test") ||
		!strings.Contains(got, "Host header") || !strings.Contains(got, "/commands/test.add") {
		t.Errorf("logged %s", got)
	}
}

// The browser itself says that the sites differ: the Host header has no part in it.
func TestOriginOfAnotherSiteIsNamedWithoutAProxy(t *testing.T) {
	m := adder(t, command.Options{Authorize: anyone, Logger: slog.New(slog.DiscardHandler)}, nil)
	got := message(t, post(m, `{}`, "Origin", "https://evil.test", "Sec-Fetch-Site", "cross-site"))
	if !strings.Contains(got, `"https://evil.test"`) || !strings.Contains(got, `"seaway.test"`) || strings.Contains(got, "proxy") {
		t.Errorf("it receives %s", got)
	}
}

// Both hosts are the client's to choose.
func TestOriginRefusedIsQuotedAndCut(t *testing.T) {
	var log bytes.Buffer
	m := adder(t, command.Options{Authorize: anyone, Logger: slog.New(slog.NewTextHandler(&log, nil))}, nil)
	r := httptest.NewRequest("POST", "http://seaway.test/commands/test.add", strings.NewReader("{}"))
	r.Host = strings.Repeat("h\x1b", 10_000)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", "https://a.test\x1b[31m\u2028"+strings.Repeat("o", 10_000))
	w := httptest.NewRecorder()
	m.ServeHTTP(w, r)
	if got := message(t, w); len(got) > 1000 || strings.ContainsAny(got, "\x1b\u2028") {
		t.Errorf("it receives %d bytes: %q", len(got), got)
	}
	if log.Len() > 2000 || strings.Contains(log.String(), "\x1b") {
		t.Errorf("logged %d bytes: %q", log.Len(), &log)
	}
}

func message(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	var b fault.Body
	if err := json.Unmarshal(w.Body.Bytes(), &b); err != nil || b.Error == nil {
		t.Fatalf("answered %d %q", w.Code, w.Body)
	}
	return b.Error.Message
}

// A cross-origin handler beside this one could take it for every origin.
func TestOriginWithAWildcardIsRefused(t *testing.T) {
	for _, origin := range []string{"*", "https://*", "https://*.example.com", "null", "example.com", "https://example.com/path"} {
		if _, err := command.NewOrigins([]string{origin}, nil); err == nil {
			t.Errorf("%q is trusted", origin)
		}
	}
}
