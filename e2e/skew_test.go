package e2e_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// openRelease starts today's release and opens its page, under its service
// worker, with one message.
func openRelease(t *testing.T) (*server, *tab) {
	t.Helper()
	s := startServer(t)
	s.post("ann", "of the last release")
	b := openPage(t, s)
	b.untilControlled()
	b.untilShows("of the last release")
	// The browser looks for another worker soon after a page was loaded. From
	// now on it would for a day only if it is asked to.
	until(t, "the browser has looked for another worker", func() bool {
		return strings.Count(s.access.String(), "GET /app-worker.js") >= 2
	})
	eval[string](b, `window.loadedOnce = "yes"`)
	return s, b
}

// upgrade puts another build in the server's place, over the same data.
func (s *server) upgrade(program string) {
	s.t.Helper()
	s.terminate()
	s.binary = program
	s.start()
}

func (b *tab) untilAdvised(advice string) {
	b.t.Helper()
	b.until("the page advises: "+advice, `document.querySelector("#update")?.classList.contains("`+advice+`")`)
}

// untilReloaded waits until the page has been loaded again, by itself or by a
// click. While it is, the browser has nothing to ask.
func (b *tab) untilReloaded() {
	b.t.Helper()
	until(b.t, "the page is loaded again", func() bool {
		again, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](`!window.loadedOnce && !!document.querySelector("#update")`))
		return err == nil && again
	})
	b.untilLive()
}

func (b *tab) reloaded() bool { return eval[string](b, `window.loadedOnce || "no"`) != "yes" }

// runs returns the version of the build that the tab runs.
func (b *tab) runs() string { return eval[string](b, `goappEnv.GOAPP_VERSION`) }

// The next release adds a field to a message: the old page goes on and offers the
// new one, which a click loads, with what was being written.
func TestBuildThatSaysMoreLeavesAPageAsItIs(t *testing.T) {
	t.Parallel()
	next := buildVariant(t, edit{"`json:\"author\"`\n\tText   string    `json:\"text\"`\n\tAt ", "`json:\"author\"`\n\tText   string    `json:\"text\"`\n\tMood   string    `json:\"mood\"`\n\tAt "})
	s, b := openRelease(t)
	if err := chromedp.Do(b.ctx, chromedp.SendKeys(chromedp.ID("text"), "half a thought")); err != nil {
		t.Fatal(err)
	}
	s.upgrade(next)
	s.post("bob", "of the next release")
	b.untilShows("of the next release")
	b.untilAdvised("offer")
	b.untilLive()
	if b.reloaded() {
		t.Error("the page was loaded again, though it could go on")
	}
	b.screenshot("update-offered")
	if err := chromedp.Do(b.ctx, chromedp.Click(chromedp.ID("reload"))); err != nil {
		t.Fatal(err)
	}
	b.untilReloaded()
	if got, want := b.runs(), s.version(); got != want {
		t.Errorf("the page runs %s after the reload, want %s", got, want)
	}
	b.untilShows("of the next release")
	b.until("the new build's composer holds what was written in the last one's", composerHolds("half a thought"))
	if advice := eval[string](b, `document.querySelector("#update").textContent`); advice != "" {
		t.Errorf("the new page says %q", advice)
	}
}

// renamed gives a message's text another name. The states of the last release are
// converted.
var renamed = []edit{
	{"`json:\"text\"`\n\tAt ", "`json:\"body\"`\n\tAt "},
	{"// A Removal names", "type messageV1 struct {\n" +
		"ID     string    `json:\"id\"`\n" +
		"Author string    `json:\"author\"`\n" +
		"Text   string    `json:\"text\"`\n" +
		"At     time.Time `json:\"at\"`\n" +
		"By     string    `json:\"by,omitempty\"`\n" +
		"Edited bool      `json:\"edited,omitempty\"`\n}\n" +
		"type lineV1 struct {\nmessageV1\n" +
		"Posted  event.ID `json:\"posted\"`\n" +
		"Removed event.ID `json:\"removed,omitzero\"`\n}\n" +
		"type historyV1 struct {\n" +
		"Order []string          `json:\"order\"`\n" +
		"Lines map[string]lineV1 `json:\"lines\"`\n" +
		"Bytes int               `json:\"bytes\"`\n" +
		"Last  event.ID          `json:\"last\"`\n}\n" + `
func init() {
	state.Upgrade(Histories, func(old historyV1) History {
		h := History{Order: old.Order, Lines: map[string]Line{}, Bytes: old.Bytes, Last: old.Last}
		for id, l := range old.Lines {
			h.Lines[id] = Line{Message(l.messageV1), l.Posted, l.Removed}
		}
		return h
	})
}

// A Removal names`},
}

// The next release renames a message's field: the old page shows none of its
// messages, says so, and reloads as soon as no typed text is lost by that.
func TestBuildThatAPageWouldMisreadTakesItsPlace(t *testing.T) {
	t.Parallel()
	next := buildVariant(t, renamed...)
	s, b := openRelease(t)
	if err := chromedp.Do(b.ctx, chromedp.SendKeys(chromedp.ID("text"), "half a thought")); err != nil {
		t.Fatal(err)
	}
	s.upgrade(next)
	s.post("bob", "of the next release")
	b.untilAdvised("hold")
	if got := b.texts(); !slices.Equal(got, []string{"of the last release"}) {
		t.Errorf("the old page shows %q", got)
	}
	if says := eval[string](b, `document.querySelector("#update").textContent`); !strings.Contains(says, "too old") {
		t.Errorf("the old page says %q", says)
	}
	b.screenshot("update-held")
	if b.reloaded() {
		t.Fatal("the page was loaded again over half a thought")
	}
	if got := eval[string](b, `document.querySelector("#text").value`); got != "half a thought" {
		t.Fatalf("the composer holds %q", got)
	}
	eval[string](b, `document.querySelector("#text").value = ""`)
	b.untilAdvised("soon")
	b.untilReloaded()
	b.untilShows("of the next release")
	if got, want := b.runs(), s.version(); got != want {
		t.Errorf("the page runs %s after the reload, want %s", got, want)
	}
	if reloads := eval[int](b, `JSON.parse(sessionStorage.getItem("seaway-reloads")).length`); reloads != 1 {
		t.Errorf("the page has loaded itself %d times, want once", reloads)
	}
	if bad := b.complaints(); len(bad) > 0 {
		t.Errorf("the browser complains: %q", bad)
	}
}

// successor is README's recipe for a change that is not additive: a message's text
// has another name, in types that are joined to the last release's.
var successor = append([]edit{
	{`Posted = state.On(Histories, "chat.posted", (*History).post)`, `Posted = state.On(Histories, "chat.posted.v2", (*History).post)
	postedV1 = event.Define[messageV1]("chat.posted")`},
	{`Edited = state.On(Histories, "chat.edited", (*History).edit)`, `Edited = state.On(Histories, "chat.edited.v2", (*History).edit)
	editedV1 = event.Define[messageV1]("chat.edited")`},
	{"// A Removal names", `func newer(m messageV1) Message { return Message(m) }
func older(m Message) messageV1 { return messageV1(m) }

func init() {
	event.Upcast(postedV1, Posted, newer, older)
	event.Upcast(editedV1, Edited, newer, older)
}

// A Removal names`},
}, renamed...)

// The next release publishes a type that takes the place of the last one's. Its
// first page holds what the log has of both, since the stream goes on behind them;
// a page of the last release receives the new messages in the old form.
func TestBuildWithASuccessorShowsWhatItsLogHolds(t *testing.T) {
	t.Parallel()
	next := buildVariant(t, successor...)
	s, b := openRelease(t)
	s.upgrade(next)
	s.post("bob", "of the next release")
	b.untilShows("of the next release")
	both := []string{"of the last release", "of the next release"}
	if got := b.texts(); b.reloaded() || !slices.Equal(got, both) {
		t.Errorf("the page of the last release shows %q, want %q", got, both)
	}
	fresh := openPage(t, s)
	fresh.untilShows("of the next release")
	if got := fresh.texts(); !slices.Equal(got, both) {
		t.Errorf("a page of the next release shows %q, want %q", got, both)
	}
	if bad := append(b.complaints(), fresh.complaints()...); len(bad) > 0 {
		t.Errorf("the browsers complain: %q", bad)
	}
}
