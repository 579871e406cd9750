package live

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/fault"
)

// slow is a rate by which something may be done as often as its burst, in a test.
func slow(burst int) access.Rate { return access.Rate{PerSecond: 1e-9, Burst: burst} }

// From one address, each request says which client it is of.
func newLimited(t *testing.T, l Limits) (url string) {
	t.Helper()
	return serveTest(t, newTest(t, Options{Identify: identifyByHeader, Limits: l, TrustedProxies: []string{"127.0.0.1"}}))
}

// checkAnswered makes requests until one is refused, and compares how many were not.
func checkAnswered(t *testing.T, what string, want int, ask func(i int) (*http.Response, string)) {
	t.Helper()
	for i := range want + 1 {
		resp, body := ask(i)
		if resp.StatusCode == http.StatusOK {
			if i == want {
				t.Errorf("%s: more than %d are answered", what, want)
			}
			continue
		}
		if i != want || resp.StatusCode != http.StatusTooManyRequests || resp.Header.Get("Retry-After") != "1" {
			t.Errorf("%s: number %d is answered with %d, Retry-After %q: %s", what, i, resp.StatusCode, resp.Header.Get("Retry-After"), body)
		}
		return
	}
}

func TestLimitOfCommands(t *testing.T) {
	url := newLimited(t, Limits{Commands: slow(3), CommandsPerAddress: slow(9)})
	post := func(user, from string) func(int) (*http.Response, string) {
		return func(int) (*http.Response, string) {
			return call(t, url, "live.echo", `{}`, "X-User", user, "X-Forwarded-For", from)
		}
	}
	checkAnswered(t, "a user", 3, post("ann", "203.0.113.1"))
	checkAnswered(t, "the user from elsewhere", 0, post("ann", "203.0.113.2"))
	checkAnswered(t, "another user of the address", 3, post("bob", "203.0.113.1"))
	checkAnswered(t, "strangers of the address", 1, post("", "203.0.113.1")) // the two that were refused count
	checkAnswered(t, "strangers of another", 8, post("", "203.0.113.2"))
}

// Forms and calls count together. One that is refused comes back with its text.
func TestLimitOfCommandsIsThatOfForms(t *testing.T) {
	s := newTest(t, Options{Identify: identifyByHeader, Limits: Limits{Commands: slow(3), CommandsPerAddress: slow(9), CommandBytesPerAddress: slow(1500)}, TrustedProxies: []string{"127.0.0.1"}})
	Form(s, "/notes", write, nil)
	Form(s, "/none", echo, func(*http.Request) (note, error) { return note{}, fault.New(fault.Invalid, "no") })
	url := serveTest(t, s)
	send := func(path, user, from, form string) func(int) (*http.Response, string) {
		return func(i int) (*http.Response, string) {
			resp, body := ask(t, http.MethodPost, url+path, form, "X-User", user, "X-Forwarded-For", from, "Content-Type", "application/x-www-form-urlencoded")
			if resp.StatusCode == http.StatusTooManyRequests && !strings.Contains(body, "kept</textarea>") {
				t.Errorf("the refusal does not have the text:\n%s", body)
			}
			if resp.StatusCode == http.StatusSeeOther || resp.StatusCode == http.StatusBadRequest {
				resp.StatusCode = http.StatusOK
			}
			return resp, body
		}
	}
	if resp, body := call(t, url, "live.echo", `{}`, "X-User", "ann", "X-Forwarded-For", "203.0.113.1"); resp.StatusCode != 200 {
		t.Errorf("a call: %d %s", resp.StatusCode, body)
	}
	checkAnswered(t, "a user", 2, send("/notes", "ann", "203.0.113.1", "text=kept"))
	if resp, _ := call(t, url, "live.echo", `{}`, "X-User", "ann", "X-Forwarded-For", "203.0.113.1"); resp.StatusCode != http.StatusTooManyRequests {
		t.Errorf("a call after the forms: %d", resp.StatusCode)
	}
	checkAnswered(t, "strangers of the address", 4, send("/notes", "", "203.0.113.1", "text=kept"))
	checkAnswered(t, "forms that no request is made of", 3, send("/none", "bob", "203.0.113.2", "text=kept"))
	checkAnswered(t, "bytes", 2, send("/none", "", "203.0.113.3", "other="+strings.Repeat("x", 600)+"&text=kept"))
}

func TestLimitOfBytes(t *testing.T) {
	body := fmt.Sprintf(`{"text":%q}`, strings.Repeat("x", 1000))
	url := newLimited(t, Limits{CommandBytes: slow(3500), CommandBytesPerAddress: slow(8500)})
	for i, user := range []string{"ann", "bob", ""} {
		checkAnswered(t, fmt.Sprintf("user %q", user), 3, func(int) (*http.Response, string) {
			return call(t, url, "live.echo", body, "X-User", user, "X-Forwarded-For", fmt.Sprint("203.0.113.", i+1))
		})
	}
	checkAnswered(t, "the address of many users", 8, func(i int) (*http.Response, string) {
		return call(t, url, "live.echo", body, "X-User", fmt.Sprint("user", i), "X-Forwarded-For", "203.0.113.9")
	})
}

func TestLimitOfPages(t *testing.T) {
	url := newLimited(t, Limits{PagesPerAddress: slow(2)})
	get := func(path, from string) func(int) (*http.Response, string) {
		return func(int) (*http.Response, string) {
			return ask(t, http.MethodGet, url+path, "", "X-Forwarded-For", from)
		}
	}
	checkAnswered(t, "pages", 2, get("/", "203.0.113.1"))
	checkAnswered(t, "pages of another", 2, get("/", "203.0.113.2"))
	for range 5 {
		if resp, _ := get("/app.js", "203.0.113.1")(0); resp.StatusCode != 200 {
			t.Errorf("a file of the page: %d", resp.StatusCode)
		}
		if resp, _ := get("/web/app.css", "203.0.113.1")(0); resp.StatusCode != 200 {
			t.Errorf("a file: %d", resp.StatusCode)
		}
	}
}

// What a value has costs counts when it is known, so that one that is too large is the last.
func TestLimitOfStates(t *testing.T) {
	s := newTest(t, Options{Limits: Limits{StateBytesPerAddress: slow(2000)}, TrustedProxies: []string{"127.0.0.1"}})
	Serve(s, lists, Everyone)
	url := serveTest(t, s)
	get := func(topic, from string) func(int) (*http.Response, string) {
		return func(int) (*http.Response, string) {
			return ask(t, http.MethodGet, url+"/state?topic="+topic, "", "X-Forwarded-For", from)
		}
	}
	if _, err := listed.Publish(t.Context(), s.log, lists.Topic("red"), strings.Repeat("x", 900)); err != nil {
		t.Fatal(err)
	}
	checkAnswered(t, "values of 1 KB", 3, get("live.list.red", "203.0.113.1"))
	checkAnswered(t, "those of another", 3, get("live.list.red", "203.0.113.2"))
	checkAnswered(t, "any state of the first", 0, get("live.list.blue", "203.0.113.1"))
}

func TestLimitOfStreamsIsAFault(t *testing.T) {
	url := newLimited(t, Limits{StreamsPerIdentity: 1, StreamsPerAddress: 2})
	frame := func(user, from, name string) string {
		return followWith(t, url+"/events?topic=notes", "X-User", user, "X-Forwarded-For", from).next(name)
	}
	frame("ann", "203.0.113.1", "hello")
	for _, c := range [][2]string{{"ann", "203.0.113.2"}, {"bob", "203.0.113.1"}} {
		if c[0] == "bob" {
			frame("carl", "203.0.113.1", "hello")
		}
		if data := frame(c[0], c[1], "fault"); !strings.Contains(data, string(fault.RateLimited)) || !strings.Contains(data, `"retry":true`) {
			t.Errorf("%q: %s", c, data)
		}
	}
}

// A site must not lock its users out because a proxy was not named.
func TestLimitDoesNotApplyToAProxyThatIsNotNamed(t *testing.T) {
	one := slow(1)
	s := newTest(t, Options{Limits: Limits{CommandsPerAddress: one, CommandBytes: slow(10), PagesPerAddress: one, StreamsPerAddress: 1}})
	url := serveTest(t, s)
	for range 5 {
		if resp, body := call(t, url, "live.echo", `{}`, "X-Forwarded-For", "203.0.113.1"); resp.StatusCode != 200 {
			t.Errorf("a command: %d %s", resp.StatusCode, body)
		}
		if resp, body := ask(t, http.MethodGet, url+"/", "", "X-Forwarded-For", "203.0.113.1"); resp.StatusCode != 200 {
			t.Errorf("a page: %d %s", resp.StatusCode, body)
		}
		followWith(t, url+"/events?topic=notes", "X-Forwarded-For", "203.0.113.1").next("hello")
	}
}

func TestLimitsHaveDefaultsThatOneOptionLifts(t *testing.T) {
	for _, none := range []bool{false, true} {
		var logged bytes.Buffer
		s, err := New(eventlog.NewMemory(eventlog.Retention{}), Options{Limits: Limits{None: none, Topics: 5}, Logger: slog.New(slog.NewTextHandler(&logged, nil))})
		if err != nil {
			t.Fatal(err)
		}
		want := defaultLimits
		if none {
			want = Limits{None: true}
		}
		if want.Topics = 5; s.opts.Limits != want {
			t.Errorf("none %v: they are %+v", none, s.opts.Limits)
		}
		if strings.Contains(logged.String(), "-no-limits") != none || (s.limiters == limiters{}) != none {
			t.Errorf("none %v: logged %q, limiters %+v", none, &logged, s.limiters)
		}
	}
}
