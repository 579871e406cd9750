package e2e_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	gosse "github.com/tmaxmax/go-sse"

	"github.com/seawaykit/seaway/app/livelist/livelisttest"
	"github.com/seawaykit/seaway/shared/sample/board"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/guest"
)

// hostileTexts are texts that have broken pages, logs, streams and templates.
var hostileTexts = append(slices.Clone(livelisttest.Hostile),
	"<script>alert(1)</script>", `<img src=x onerror=alert(1)>`, `<a href="javascript:alert(1)">here</a>`, `<base href="//evil.example/">`, `<meta http-equiv=refresh content="0;url=//evil.example">`,
	`"><svg/onload=alert(1)>`, `'-alert(1)-'`, `";alert(1)//`, `*/alert(1)/*`, "--><script>alert(1)</script><!--", "]]>", "</title><script>alert(1)</script>", "</noscript><script>alert(1)</script>",
	"{{.}}", "{{template \"x\"}}", "<%= 7*7 %>", "${7*7}", "#{7*7}", "[[${7*7}]]", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>alert(1)</script>", "//evil.example/",
	"event: bye\ndata: {}\n\n", "x\r\n\r\nevent: bye\r\ndata: {}", "id: 1", ":comment", "data: x", "retry: 1",
	"x\r\nSet-Cookie: hacked=1", "%0d%0aSet-Cookie:%20hacked=1", "../../../etc/passwd", "..\\..\\windows", "' OR 1=1 --", "$(reboot)", "`reboot`", "; ls", "| ls",
	"null", "undefined", "NaN", "__proto__", "constructor", "toString", "hasOwnProperty", "[object Object]", "0", "-1", "1e999", "true", "{}", "[]",
	"\u202e<txet elbisreverri>", "\u2066\u202e\u2069\u2066", "a\u0301\u0302\u0303", "\u0600\u0601", "\U0001F3F4\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F", "\u1160\u3164", "\ufff9\ufffa\ufffb",
	"\u2028alert(1)\u2029", strings.Repeat("\u00fc", 4000), strings.Repeat("a", 4000), strings.Repeat("\u200b", 3999)+"x", strings.Repeat("x\n", 1999), "@everyone @here @"+strings.Repeat("a", 64),
	"GET / HTTP/1.1", "\x1b[2J\x1b]0;title\x07", "%s%s%n%x", "\\u003cscript\\u003e", "&#x3c;script&#x3e;", "+ADw-script+AD4-", "a\ufeff<script>",
)

// breakouts are what is in a document only if such a text is not shown as text.
var breakouts = []string{"<script>alert", "<script>window.hacked", "<img src=x", "<svg/onload", "<iframe srcdoc", "<base href=\"//evil", "<meta http-equiv=refresh", "href=\"javascript", "onerror=\"window", "<style>*"}

// notHacked counts what is in a page only if a text has become more than text.
const notHacked = `(() => {
  const bad = [...document.querySelectorAll("img[src='x'], svg[onload], iframe, object, embed, base, meta[http-equiv], [autofocus][onfocus], a[href^='javascript' i], [src^='javascript' i], [src^='data:text'], form[action*='evil'], a[href*='evil']")];
  bad.push(...[...document.querySelectorAll("*")].filter(e => [...e.attributes].some(a => /^on/i.test(a.name))));
  bad.push(...document.querySelectorAll("#messages .text *, .card .text *, .author *, #guests .name *"));
  return (window.hacked ? ["a script of it has run"] : []).concat(document.cookie.includes("hacked") ? ["a cookie"] : [], bad.map(e => e.outerHTML.slice(0, 200)));
})()`

// noDialogs has scripts that open a dialog noticed.
const noDialogs = `window.alert = window.confirm = window.prompt = () => { window.hacked = 1 };`

// untouched checks that a page shows texts as text.
func (b *tab) untouched(where string) {
	b.t.Helper()
	if bad := eval[[]string](b, notHacked); len(bad) > 0 {
		b.t.Errorf("%s: %q", where, bad)
	}
}

// inDocuments is a text as documents have it.
func inDocuments(text string) string {
	return strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "\ufffd").Replace(text)
}

// postHostile posts each text as a message, under the text's name where one can have it,
// and returns those that were accepted.
func postHostile(t *testing.T, s *server) (posted []string) {
	t.Helper()
	for _, text := range hostileTexts {
		text = strings.ToValidUTF8(text, "\ufffd")
		req := chat.PostRequest{Room: "lobby", Author: text, Text: text}
		if guest.CheckName("author", text) != nil {
			req.Author = "mallory"
		}
		body, _ := json.Marshal(req)
		switch status, reply, _ := s.command("POST", "/commands/chat.post", string(body)); {
		case status == 200:
			posted = append(posted, text)
		case status != 400:
			t.Errorf("%.60q is answered with %d %s", text, status, reply)
		}
	}
	if len(posted) < 100 {
		t.Fatalf("only %d of %d texts are accepted", len(posted), len(hostileTexts))
	}
	return posted
}

func TestWholeCorpusIsTextInPages(t *testing.T) {
	t.Parallel()
	s := startServer(t, "-no-limits")
	live := openTab(t, noDialogs)
	live.navigate(s.url + lobby)
	live.untilLive()
	posted := postHostile(t, s)
	s.post("ann", "the last one")
	posted = append(posted, "the last one")
	for i, text := range posted {
		posted[i] = inDocuments(text)
	}
	live.untilShows("the last one")
	for name, open := range map[string]func() *tab{
		"the live page":     func() *tab { return live },
		"the HTML":          func() *tab { b := openTab(t, noDialogs); b.navigate(s.url + lobby + "?wasm=false"); return b },
		"a page of its own": func() *tab { b := openTab(t, noDialogs); b.navigate(s.url + lobby); b.untilLive(); return b },
	} {
		b := open()
		b.untouched(name)
		got := b.texts()
		if want := posted[len(posted)-min(len(got), len(posted)):]; len(got) < 40 || !slices.Equal(got, want) {
			for i := range got {
				if got[i] != want[i] {
					t.Errorf("%s shows %.80q, want %.80q", name, got[i], want[i])
				}
			}
		}
		if title := eval[string](b, `document.title + [...document.querySelectorAll("meta")].map(m => m.content).join()`); strings.ContainsAny(title, "<>") {
			t.Errorf("%s has the title and meta elements %q", name, title)
		}
	}
}

func TestWholeCorpusIsTextOnBoardsAndInNames(t *testing.T) {
	t.Parallel()
	s := startServer(t, "-no-limits")
	b := openTab(t, noDialogs)
	b.navigate(s.url + "/board/red")
	b.untilLive()
	var titles []string
	for _, text := range hostileTexts {
		text = strings.ToValidUTF8(text, "\ufffd")
		if _, err := s.change(board.Add, board.Request{Board: "red", Column: "todo", Title: text}); err == nil {
			titles = append(titles, text)
		}
	}
	if len(titles) < 50 {
		t.Fatalf("only %d titles are accepted", len(titles))
	}
	if _, err := s.change(board.Add, board.Request{Board: "red", Column: "done", Title: "the last one"}); err != nil {
		t.Fatal(err)
	}
	b.until("the cards are there", `document.querySelector('[data-column="done"] .card')?.textContent.includes("the last one")`)
	b.untouched("the board")
	page := openTab(t, noDialogs)
	page.navigate(s.url + "/board/red?wasm=false")
	page.untouched("the board's HTML")

	// Names are in the list of who is here, in notices and in attributes.
	named := 0
	for _, text := range hostileTexts {
		if named == 30 {
			break
		}
		if guest.CheckName("name", text) == nil && utf8.ValidString(text) {
			v := s.guestClient(strings.TrimSpace(text))
			v.follow("/events?topic=clock")
			named++
		}
	}
	b.navigate(s.url + lobby)
	b.untilLive()
	b.until("all are here", fmt.Sprintf(`Number(document.querySelector("#guests")?.children.length) > %d`, min(named, 20)/2))
	b.untouched("who is here")
	b.navigate(s.url + "/inbox")
	b.untilLive()
	b.untouched("the inbox")
}

func TestHostileTextsAreTextInJSONAndStreams(t *testing.T) {
	t.Parallel()
	s := startServer(t, "-no-limits")
	posted := postHostile(t, s)
	resp, state := s.get("/state?topic=room.lobby")
	var room struct {
		Value struct {
			Order []string
			Lines map[string]struct{ Text string }
		}
	}
	if err := json.Unmarshal([]byte(state), &room); err != nil || resp.Header.Get("Content-Type") != "application/json" || resp.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Fatalf("the state: %v, %v", err, resp.Header)
	}
	var kept []string
	for _, id := range room.Value.Order {
		kept = append(kept, room.Value.Lines[id].Text)
	}
	if !slices.Equal(kept, posted) {
		t.Errorf("the state has %.200q", kept)
	}
	if i := strings.IndexAny(state, "<>\u2028\u2029"); i >= 0 {
		t.Errorf("a page that has the state in it would end at %.60q", state[i:])
	}
	_, poll := s.get("/poll?topic=room.lobby&last=1000")
	for line := range strings.Lines(poll) {
		line, ended := strings.CutSuffix(line, "\n")
		name, _, _ := strings.Cut(line, ": ")
		if !ended || line != "" && !slices.Contains([]string{"retry", "id", "event", "data"}, name) || strings.ContainsFunc(line, func(r rune) bool { return r < ' ' }) {
			t.Errorf("the stream has the line %.100q", line)
		}
	}
	var streamed []string
	for e, err := range gosse.Read(strings.NewReader(poll), nil) {
		var m chat.Message
		if err != nil {
			t.Fatal(err)
		}
		if e.Type == "chat.posted" {
			if err := json.Unmarshal([]byte(e.Data), &m); err != nil {
				t.Fatal(err)
			}
			streamed = append(streamed, m.Text)
		}
	}
	if !slices.Equal(streamed, posted) {
		t.Errorf("the stream has %d of %d texts", len(streamed), len(posted))
	}
}

// What a request holds comes back in pages of errors, refused forms, searches, headers and
// logs.
func TestHostileTextsOfRequestsAreText(t *testing.T) {
	t.Parallel()
	admin := freeAddr(t)
	s := startServer(t, "-no-limits", "-admin", admin)
	check := func(where, text string, status int, header http.Header, body string) {
		t.Helper()
		for _, breakout := range breakouts {
			if strings.Contains(body, breakout) {
				t.Errorf("%s of %.60q is answered with %d and has %s", where, text, status, breakout)
			}
		}
		for name, values := range header {
			if strings.Contains(strings.ToLower(name+strings.Join(values, "")), "hacked") {
				t.Errorf("%s of %.60q: %s: %q", where, text, name, values)
			}
		}
		if status >= 500 {
			t.Errorf("%s of %.60q is answered with %d", where, text, status)
		}
	}
	for i, text := range hostileTexts {
		short := text[:min(len(text), 2000)]
		paths := []string{"/" + url.PathEscape(short), "/room/" + url.PathEscape(short), "/board/" + url.PathEscape(short), "/guide/" + url.PathEscape(short), "/web/" + url.PathEscape(short), "/guide?q=" + url.QueryEscape(short), "/?" + url.QueryEscape(short) + "=" + url.QueryEscape(short)}
		for j := range 2 { // each text in two places, and all places in turn
			path := paths[(2*i+j)%len(paths)]
			resp, body := s.get(path, "Referer", "http://x/"+url.PathEscape(short), "User-Agent", headerText(short), "Accept-Language", headerText(short), "Cookie", "seaway-language="+url.QueryEscape(short))
			check(path[:min(len(path), 20)], text, resp.StatusCode, resp.Header, body)
		}
		form := url.Values{"author": {"a\nb"}, "text": {text}, text: {text}, "key": {text}}.Encode()
		for _, path := range []string{"/room/lobby", "/room/" + url.PathEscape(short)} {
			status, body, header := s.command("POST", path, form, "Content-Type", "application/x-www-form-urlencoded")
			check("a form to "+path[:min(len(path), 20)], text, status, header, body)
			if path == "/room/lobby" && (status != 400 && status != 413 || status == 400 && strings.TrimSpace(text) != "" && !strings.Contains(body, "</textarea>")) {
				t.Errorf("the form of %.60q is answered with %d", text, status)
			}
		}
		name, _ := json.Marshal(text)
		status, body, header := s.command("POST", "/commands/chat.post", `{`+string(name)+`:1}`)
		check("a command", text, status, header, body)
	}
	_, metrics := adminGet(admin, "/metrics")
	check("/metrics", "all", 200, nil, metrics)
	until(t, "the access log is complete", func() bool { return strings.Count(s.access.String(), "chat.post") >= len(hostileTexts) })
	for line := range strings.Lines(s.access.String()) {
		if line = strings.TrimSuffix(line, "\n"); !strings.HasPrefix(line, "127.0.0.1 - - [") || strings.ContainsFunc(line, unicode.IsControl) || !utf8.ValidString(line) {
			t.Errorf("the access log has the line %.300q", line)
		}
	}
	for line := range strings.Lines(s.logs.String()) {
		if line = strings.TrimSuffix(line, "\n"); !strings.HasPrefix(line, "time=") || strings.ContainsFunc(line, unicode.IsControl) || strings.Contains(line, "level=ERROR") {
			t.Errorf("the log has the line %.300q", line)
		}
	}
}

// headerText is what a header can have of a text.
func headerText(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\t' {
			return -1
		}
		return r
	}, text)
}

// A page of an error is a page like others to a browser.
func TestHostileAddressesRunNothing(t *testing.T) {
	t.Parallel()
	s := startServer(t, "-no-limits")
	b := openTab(t, noDialogs)
	for _, path := range []string{
		"/%3Cscript%3Ealert(1)%3C%2Fscript%3E", "/room/%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E", "/room/lobby#<img src=x onerror=alert(1)>", "/room/lobby#sent-<script>alert(1)</script>",
		"/?wasm=false&x=</script><script>alert(1)</script>", "/guide?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "/board/javascript:alert(1)", "/web/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
	} {
		b.navigate(s.url + path)
		b.untouched(path)
	}
	b.navigate(s.url + "/room/lobby?wasm=false")
	text, _ := json.Marshal(`</textarea><script>alert(1)</script>`)
	eval[any](b, fmt.Sprintf(`(() => {
  const form = document.createElement("form");
  form.method = "post"; form.action = "/room/lobby";
  for (const [name, value] of [["text", %[1]s], ["author", "a\nb"], [%[1]s, %[1]s]]) { const e = document.createElement("textarea"); e.name = name; e.value = value; form.append(e); }
  document.body.append(form);
  HTMLFormElement.prototype.submit.call(form);
  return null;
})()`, text))
	b.until("the refusal is there", `document.querySelector("[role=alert]") && document.querySelector("textarea[name=text]")`)
	b.untouched("the refused form")
	if got := eval[string](b, `document.querySelector("textarea[name=text]").value`); got != `</textarea><script>alert(1)</script>` {
		t.Errorf("the form has %q", got)
	}
	eval[any](b, `(document.body.insertAdjacentHTML("beforeend", "<img src=x onerror=alert(1)>"), null)`)
	if bad := eval[[]string](b, notHacked); len(bad) == 0 {
		t.Error("the test is of no use: it does not see markup")
	}
	b.mu.Lock()
	b.problems = nil // the policy has refused that
	b.mu.Unlock()
}
