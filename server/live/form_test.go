package live

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/shared/fault"
)

// newForms returns a server whose users name themselves in a header, with two forms.
func newForms(t *testing.T) *Server {
	t.Helper()
	s := newTest(t, Options{
		Identify: func(r *http.Request) (string, error) { return r.Header.Get("User"), nil },
		Call: func(r access.Right) error {
			if r.Command == echo.Name() {
				return fault.New(fault.Forbidden, "nobody may echo")
			}
			return nil
		},
	})
	Form(s, "/notes/{name}", write, nil)
	Form(s, "/", echo, func(r *http.Request) (note, error) { return note{r.FormValue("text")}, nil })
	return s
}

// post sends a form as a browser would, headers in pairs.
func post(s *Server, path, body string, headers ...string) *http.Response {
	r := httptest.NewRequest("POST", path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w.Result()
}

// notes returns the texts of the log.
func (s *Server) notes(t *testing.T) (texts []string) {
	t.Helper()
	events, _, err := s.Snapshot(t.Context(), []string{topic}, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		texts = append(texts, string(e.Data()))
	}
	return texts
}

func TestFormCallsACommandAndGoesBackToThePage(t *testing.T) {
	s := newForms(t)
	resp := post(s, "/notes/a", "text=a+%26+b&key=k1", "Origin", "http://example.com", "Sec-Fetch-Site", "same-origin")
	if got := resp.Header.Get("Location"); resp.StatusCode != http.StatusSeeOther || got != "/notes/a#sent-k1" {
		t.Errorf("got %d to %q", resp.StatusCode, got)
	}
	post(s, "/notes/a", "text=a+%26+b&key=k1") // sent twice
	if got := fmt.Sprint(s.notes(t)); got != `[{"text":"a \u0026 b"}]` {
		t.Errorf("the log has %s", got)
	}
	if got := post(s, "/notes/a", "text=c").Header.Get("Location"); got != "/notes/a" {
		t.Errorf("without a key it goes to %q", got)
	}
}

// All who have seen a page have its key: the form, and who sends it, count as well.
func TestFormsKeyOfAPageIsThatOfOnePress(t *testing.T) {
	s := newForms(t)
	for _, one := range []struct{ text, user string }{
		{"a", "ann"}, {"a", "ann"}, {"b", "ann"}, {"a", "bob"}, {"b", "ann"},
	} {
		if got := post(s, "/notes/a", "key=~x-1-2&text="+one.text, "User", one.user).StatusCode; got != http.StatusSeeOther {
			t.Errorf("%v: %d", one, got)
		}
	}
	if got := s.notes(t); len(got) != 3 {
		t.Errorf("the log has %q", got)
	}
	post(s, "/notes/a", "key=~x-1-3&text=a", "User", "ann") // of a later view
	post(s, "/notes/a", "key=~&text=a", "User", "ann")      // of a page that has no position
	post(s, "/notes/a", "key=~&text=a", "User", "ann")
	if got := s.notes(t); len(got) != 6 {
		t.Errorf("the log has %q", got)
	}
}

// Strangers who send the same form of the same page are told apart by their addresses, as
// a proxy says them, whether it is trusted or has not been named, and by their browsers.
func TestFormsKeyOfAPageIsThatOfOneClientOfAProxy(t *testing.T) {
	const proxy = "192.0.2.1" // of httptest's requests
	for name, c := range map[string]struct {
		trusted []string
		headers [][]string
		want    int
	}{
		"a trusted proxy":        {[]string{proxy}, [][]string{{"X-Forwarded-For", "203.0.113.1"}, {"X-Forwarded-For", "203.0.113.1"}, {"X-Forwarded-For", "203.0.113.2"}}, 2},
		"the client's own words": {[]string{proxy}, [][]string{{"X-Forwarded-For", "a, 203.0.113.1"}, {"X-Forwarded-For", "b, 203.0.113.1"}}, 1},
		"one that is not named":  {nil, [][]string{{"X-Forwarded-For", "203.0.113.1"}, {"X-Forwarded-For", "203.0.113.1"}, {"X-Forwarded-For", "203.0.113.2"}}, 2},
		"one by RFC 7239":        {nil, [][]string{{"Forwarded", "for=203.0.113.1"}, {"Forwarded", "for=203.0.113.1"}, {"Forwarded", "for=203.0.113.2"}}, 2},
		"browsers":               {nil, [][]string{{"User-Agent", "a"}, {"User-Agent", "a"}, {"User-Agent", "b"}, {"Accept-Language", "de"}, {"Accept-Language", "en"}}, 4},
	} {
		s := newTest(t, Options{TrustedProxies: c.trusted})
		Form(s, "/notes/{name}", write, nil)
		for _, headers := range c.headers {
			r := httptest.NewRequest("POST", "/notes/a", strings.NewReader("key=~x-1-2&text=a"))
			r.RemoteAddr = "10.0.0.1:1234"
			if c.trusted != nil {
				r.RemoteAddr = proxy + ":1234"
			}
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set(headers[0], headers[1])
			w := httptest.NewRecorder()
			if s.Handler().ServeHTTP(w, r); w.Code != http.StatusSeeOther {
				t.Errorf("%s, %v: %d", name, headers, w.Code)
			}
		}
		if got := s.notes(t); len(got) != c.want {
			t.Errorf("%s: the log has %q", name, got)
		}
	}
}

func TestFormThatIsRefusedComesBackWithTheReason(t *testing.T) {
	s := newForms(t)
	resp := post(s, "/", `text=%3Cb%3E%22two%22%0D%0Alines&key=k2`)
	page := responseText(t, resp)
	if resp.StatusCode != http.StatusForbidden || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") || resp.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("got %d, %v", resp.StatusCode, resp.Header)
	}
	for _, want := range []string{
		`<p role="alert">Nobody may echo.</p>`, `<form method="post" action="/">`, `name="key" value="k2"`,
		"<label>Text<textarea name=\"text\"", "&lt;b&gt;&#34;two&#34;\r\nlines</textarea>", `<a href="/">`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %s:\n%s", want, page)
		}
	}
	// Its key stands for another request: with this one it would be refused for ever.
	post(s, "/notes/a", "key=k3&text=a")
	if again := responseText(t, post(s, "/notes/a", "key=k3&text=b")); strings.Contains(again, `value="k3"`) || !strings.Contains(again, "b</textarea>") {
		t.Errorf("a used key comes back:\n%s", again)
	}
	if got := responseText(t, post(s, "/notes/a", "text=a&other=1")); !strings.Contains(got, "There is no such field.") {
		t.Errorf("a field that no request has:\n%s", got)
	}
}

func TestFormOfAnotherSiteIsRefusedWithoutItsText(t *testing.T) {
	s := newForms(t)
	for _, headers := range [][]string{{"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "cross-site"}} {
		resp := post(s, "/notes/a", "text=chosen", headers...)
		if page := responseText(t, resp); resp.StatusCode != http.StatusForbidden || strings.Contains(page, "chosen") {
			t.Errorf("%q: got %d %s", headers, resp.StatusCode, page)
		}
	}
	if got := s.notes(t); len(got) != 0 {
		t.Errorf("the log has %q", got)
	}
}

func TestFormIsBoundedAndOfOneKind(t *testing.T) {
	s := newForms(t)
	if got := post(s, "/notes/a", "text="+strings.Repeat("x", maxForm)).StatusCode; got != http.StatusRequestEntityTooLarge {
		t.Errorf("a large form is answered %d", got)
	}
	if got := post(s, "/notes/a", "text=a", "Content-Type", "text/plain").StatusCode; got != http.StatusUnsupportedMediaType {
		t.Errorf("a text is answered %d", got)
	}
	if got := post(s, "/elsewhere", "text=a").StatusCode; got == http.StatusSeeOther {
		t.Errorf("the form of / takes every path: %d", got)
	}
}

func responseText(t *testing.T, resp *http.Response) string {
	t.Helper()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
