package e2e_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/inspector"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// fillIn is a JavaScript expression that types as a user does: the page hears of it.
func fillIn(id, text string) string {
	return fmt.Sprintf(`(field => {
		field.value = %s;
		field.dispatchEvent(new Event("input", {bubbles: true}));
		return true;
	})(document.getElementById(%q))`, quoted(text), id)
}

const (
	// pressSend and pressEnter are the two ways to send a message.
	pressSend  = `(document.querySelector("#send").click(), true)`
	pressEnter = `(document.querySelector("#text").dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", bubbles: true, cancelable: true})), true)`
	// isHeld: what was sent waits for the page's program.
	isHeld = `/^Loading [\d,]+ of [\d,]+ KB, then sending$/.test(document.querySelector("#status")?.textContent)`
)

func composerHolds(text string) string {
	return `document.querySelector("#text")?.value === ` + quoted(text)
}

// untilStarted waits until the page's script runs, which counts what it loads.
func untilStarted(v anyPage) {
	v.until("the page loads its program", `document.querySelector("#status")?.textContent.startsWith("Loading ")`)
}

// On a slow line a message is written and sent before the program runs. It is sent once
// when it does, also if the page was loaded again meanwhile.
func TestMessageSentBeforeThePageRunsIsSentOnce(t *testing.T) {
	t.Parallel()
	for name, press := range map[string]string{"button": pressSend, "Enter": pressEnter} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBothBrowsers(t, func(t *testing.T, v anyPage) {
				s := startServer(t)
				p := startAltering(t, s, nil)
				p.hold()
				if b, ok := v.(*tab); ok {
					b.slow(600_000, 20)
				}
				v.navigate(p.URL + "/room/lobby")
				untilStarted(v)
				v.until("the name is filled in", fillIn("author", "Ann"))
				v.until("the text is filled in", fillIn("text", "early"))
				v.until("it is sent", press)
				v.until("it waits", isHeld)
				v.until("it is sent again", press) // and is not, since it waits
				if press == pressSend {
					v.screenshot("held-" + browserName(v))
				}
				v.navigate(p.URL + "/room/lobby")
				v.until("it waits again", isHeld+" && "+composerHolds("early"))
				p.open()
				v.until("it is live", says("live"))
				v.until("the page shows it", shows("early"))
				v.until("the composer is empty", composerHolds("")+` && !document.querySelector("form[aria-busy]")`)
				s.post("bob", "later")
				v.until("the page shows what came later", shows("later"))
				if got := s.roomTexts(2); fmt.Sprint(got) != "[early later]" {
					t.Errorf("the room has %q", got)
				}
				if n := p.posts("/room/lobby"); n != 0 {
					t.Errorf("the browser has posted %d times as well", n)
				}
			})
		})
	}
}

// If the program does not come, the browser posts what was sent, once.
func TestMessageSentToAPageThatNeverRunsIsPosted(t *testing.T) {
	t.Parallel()
	inBothBrowsers(t, func(t *testing.T, v anyPage) {
		s := startServer(t)
		p := startAltering(t, s, cutWasm)
		p.hold()
		v.navigate(p.URL + "/room/lobby")
		untilStarted(v)
		v.until("the text is filled in", fillIn("text", "early"))
		v.until("it is sent", pressSend)
		v.until("it waits", isHeld)
		p.open()
		v.until("the page shows it", shows("early")+" && "+says("Not live: loading has failed. Reload to try again."))
		v.until("the composer is empty", composerHolds(""))
		v.until("the address is the page's", `location.pathname + location.search + location.hash === "/room/lobby"`)
		v.until("the text is filled in", fillIn("text", "and one more"))
		v.until("it is sent", pressEnter)
		v.until("the page shows it", shows("and one more")+" && "+composerHolds(""))
		if n := p.posts("/room/lobby"); n != 2 {
			t.Errorf("the browser has posted %d times", n)
		}
		if got := s.roomTexts(2); fmt.Sprint(got) != "[early and one more]" {
			t.Errorf("the room has %q", got)
		}
	})
}

// A draft is of its room, and survives a reload, on a slow line as well.
func TestDraftSurvivesAReload(t *testing.T) {
	t.Parallel()
	inBothBrowsers(t, func(t *testing.T, v anyPage) {
		s := startServer(t)
		p := startAltering(t, s, nil)
		v.navigate(p.URL + "/room/lobby")
		v.until("it is live", says("live"))
		v.until("something is typed", fillIn("text", "half a sent"))
		v.navigate(p.URL + "/room/deck")
		v.until("it is live", says("live"))
		v.until("another room has none", composerHolds(""))
		p.hold()
		v.navigate(p.URL + "/room/lobby")
		v.until("the draft is there before the program is", composerHolds("half a sent")+` && document.querySelector("#status").textContent.startsWith("Loading ")`)
		v.until("one goes on typing", fillIn("text", "half a sentence"))
		v.navigate(p.URL + "/room/lobby")
		v.until("what was typed is there", composerHolds("half a sentence"))
		p.open()
		v.until("it is live", says("live"))
		v.until("the draft is there", composerHolds("half a sentence"))
		v.until("a name is typed", fillIn("author", "Ann"))
		v.until("it is sent", pressSend)
		v.until("the page shows it", shows("half a sentence"))
		v.navigate(p.URL + "/room/lobby")
		v.until("it is live", says("live"))
		v.until("it is no draft any more", composerHolds(""))
	})
}

// A tab that has crashed is loaded again, and has its draft. A new tab has it when the
// first one has ended, and not before.
func TestDraftSurvivesACrashedTab(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	b := openTab(t)
	b.navigate(s.url + "/room/lobby")
	b.untilLive()
	b.typeInto("text", "before the crash")
	other := b.openAnother()
	other.navigate(s.url + "/room/lobby")
	other.untilLive()
	if got := eval[string](other, `document.querySelector("#text").value`); got != "" {
		t.Errorf("another tab has %q", got)
	}
	b.crash()
	b.navigate(s.url + "/room/lobby")
	b.untilLive()
	b.until("the draft is there", composerHolds("before the crash"))
	b.close()
	other.navigate(s.url + "/room/lobby")
	other.untilLive()
	other.until("the next page has it", composerHolds("before the crash"))
}

// crash ends the tab's process, and returns when it has ended.
func (b *tab) crash() {
	b.t.Helper()
	crashed := make(chan struct{})
	if err := chromedp.Listen(b.ctx, func(ev any) {
		if _, ok := ev.(*inspector.EventTargetCrashed); ok {
			close(crashed)
		}
	}); err != nil {
		b.t.Fatal(err)
	}
	go func() { _, _ = chromedp.Call(b.ctx, page.Crash, cdp.Empty{}) }() // it is not answered
	select {
	case <-crashed:
	case <-time.After(waitLimit):
		b.t.Fatal("the tab does not crash")
	}
}

// close closes the tab as a user does.
func (b *tab) close() {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, page.Close, cdp.Empty{}); err != nil {
		b.t.Fatal(err)
	}
}

// pendingIs is a JavaScript expression: the page shows that a message is being sent.
func pendingIs(text string) string {
	return `[...document.querySelectorAll(".livelist-pending .text")].some(e => e.textContent === ` + quoted(text) + `)`
}

// A message that the server has not answered is kept for the tab: it is sent once when the
// tab has crashed and is loaded again, or by another page if the tab has gone.
func TestUnsentMessageSurvivesACrashedTab(t *testing.T) {
	t.Parallel()
	inBothBrowsers(t, func(t *testing.T, v anyPage) {
		s := startServer(t)
		p := startAltering(t, s, nil)
		v.navigate(p.URL + "/room/lobby")
		v.until("it is live", says("live"))
		p.refuse(true)
		v.until("a name is typed", fillIn("author", "Ann"))
		v.until("something is typed", fillIn("text", "on its way"))
		v.until("it is sent", pressSend)
		v.until("it waits", pendingIs("on its way"))
		v.(interface{ crash() }).crash()
		v.navigate(p.URL + "/room/lobby")
		v.until("it still waits", pendingIs("on its way")+" && "+composerHolds(""))
		p.refuse(false)
		v.until("it has arrived", shows("on its way")+` && !document.querySelector(".livelist-pending")`)
		s.post("bob", "later")
		if got := s.roomTexts(2); fmt.Sprint(got) != "[on its way later]" {
			t.Errorf("the room has %q", got)
		}
		v.navigate(p.URL + "/room/lobby")
		v.until("nothing waits any more", shows("later")+` && !document.querySelector(".livelist-pending")`)
	})
}

// slowLocks makes the browser take its time to give a tab's name to a page.
const slowLocks = `(request => {
	navigator.locks.request = async (name, options, ...rest) => {
		if (name.includes("seaway-tab")) await new Promise(done => setTimeout(done, 4000));
		return request(name, options, ...rest);
	};
})(navigator.locks.request.bind(navigator.locks))`

// One that is too old to be sent by itself is shown as failed, and is the user's to decide,
// also if it comes to a page that runs already.
func TestUnsentMessageOfLongAgoIsShownAsFailed(t *testing.T) {
	t.Parallel()
	t.Run("before the page runs", func(t *testing.T) { t.Parallel(); unsentOfLongAgo(t) })
	t.Run("after that", func(t *testing.T) { t.Parallel(); unsentOfLongAgo(t, slowLocks) })
}

func unsentOfLongAgo(t *testing.T, scripts ...string) {
	s := startServer(t)
	p := startAltering(t, s, nil)
	b := openTab(t)
	b.navigate(p.URL + "/room/lobby")
	b.untilLive()
	p.refuse(true)
	b.write("Ann", "first")
	b.write("Ann", "second")
	b.until("both wait", pendingIs("first")+" && "+pendingIs("second"))
	b.crash()
	// Other pages of the origin run no program: they leave what is kept as it is.
	b.navigate(p.URL + "/robots.txt")
	if !eval[bool](b, `Object.keys(localStorage).filter(k => k.includes("changes:")).map(k => {
		const all = JSON.parse(localStorage[k]);
		for (const c of all) c.at = new Date(Date.parse(c.at) - 60_000).toISOString();
		localStorage[k] = JSON.stringify(all);
	}).length === 1`) {
		t.Fatal("nothing is kept, or not in one place")
	}
	p.refuse(false)
	b.close()
	other := b.openAnother(scripts...)
	other.navigate(p.URL + "/room/lobby")
	other.untilLive()
	other.until("both have failed", `document.querySelectorAll(".livelist-failed").length === 2`)
	other.screenshot("unsent")
	other.click(".livelist-failed:last-child .livelist-discard")
	other.until("one is gone", `document.querySelectorAll(".livelist-failed").length === 1`)
	other.navigate(p.URL + "/room/lobby")
	other.untilLive()
	other.until("the other is still there", `document.querySelectorAll(".livelist-failed").length === 1`)
	other.click(".livelist-failed .livelist-retry")
	other.until("it has arrived", shows("first")+` && !document.querySelector(".livelist-pending")`)
	s.post("bob", "later")
	if got := s.roomTexts(2); fmt.Sprint(got) != "[first later]" {
		t.Errorf("the room has %q", got)
	}
}
