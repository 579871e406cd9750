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

// The next release says more in a message: the old page goes on and tells that
// there is a newer one, which a click brings.
func TestAPageGoesOnWithAServerThatSaysMore(t *testing.T) {
	t.Parallel()
	next := buildVariant(t, edit{"`json:\"author\"`\n\tText   string    `json:\"text\"`\n\tAt ", "`json:\"author\"`\n\tText   string    `json:\"text\"`\n\tMood   string    `json:\"mood\"`\n\tAt "})
	s, b := openRelease(t)
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
	if advice := eval[string](b, `document.querySelector("#update").textContent`); advice != "" {
		t.Errorf("the new page says %q", advice)
	}
}

// The next release calls a message's text by another name: the old page shows
// nothing of it, says so, and gives way to the new page as soon as nothing that
// somebody has typed is lost by that.
func TestAPageGivesWayToABuildThatItWouldMisread(t *testing.T) {
	t.Parallel()
	next := buildVariant(t, edit{"`json:\"text\"`\n\tAt ", "`json:\"body\"`\n\tAt "})
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
	if reloads := eval[int](b, `JSON.parse(sessionStorage.getItem("reloads")).length`); reloads != 1 {
		t.Errorf("the page has loaded itself %d times, want once", reloads)
	}
	if bad := b.complaints(); len(bad) > 0 {
		t.Errorf("the browser complains: %q", bad)
	}
}
