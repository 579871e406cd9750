package e2e_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// speak has a tab ask for pages in a language, as its user's browser would.
func (b *tab) speak(language string) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{
		UserAgent: eval[string](b, `navigator.userAgent`), AcceptLanguage: language,
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// untilLiveIn waits until a page is live, in the words of its language.
func (b *tab) untilLiveIn(word string) {
	b.t.Helper()
	b.until("the page is "+word, fmt.Sprintf(`document.querySelector("#status")?.textContent === %q`, word))
}

func TestPageIsInTheLanguageOfItsReader(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	for header, want := range map[string]string{"": "en", "zh-CN,zh;q=0.9,en;q=0.8": "zh-CN", "de, zh;q=0.5": "zh-CN", "en-GB, zh;q=0.9": "en"} {
		resp, html := s.get("/dashboard", "Accept-Language", header)
		if resp.StatusCode != http.StatusOK || !strings.Contains(html, `<html lang="`+want+`"`) || resp.Header.Get("Content-Language") != want {
			t.Errorf("%q is answered %d in %q", header, resp.StatusCode, resp.Header.Get("Content-Language"))
		}
		if strings.Contains(html, "仪表盘") != (want == "zh-CN") {
			t.Errorf("%q: the page is in another language", header)
		}
	}
	resp, html := s.get("/dashboard", "Accept-Language", "en", "Cookie", "language=zh-CN")
	if !strings.Contains(html, "仪表盘") || !strings.Contains(strings.Join(resp.Header.Values("Vary"), ", "), "Accept-Language, Cookie") {
		t.Errorf("a reader who has chosen Chinese gets %v", resp.Header)
	}
}

// A reader switches the language, on any page, and what is live stays so.
func TestReaderSwitchesTheLanguage(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	fill(s)
	b := openPage(t, s)
	b.untilLiveIn("live")
	b.click(`#language button[lang="zh-CN"]`)
	b.untilLiveIn("实时")
	b.until("the page is the same", `location.pathname === "`+lobby+`" && document.documentElement.lang === "zh-CN"`)
	s.post("ann", "a message that comes to a page in Chinese")
	b.untilShows("a message that comes to a page in Chinese")
	b.typeInto("author", "李雷")
	b.typeInto("text", "你好")
	b.click("#send")
	b.untilShows("你好")
	b.navigate(s.url + "/dashboard") // as a reload
	b.untilLiveIn("实时")
	b.until("the page is in Chinese", `document.querySelector("h1")?.textContent === "仪表盘"`)
	b.click(".to-inbox")
	b.until("so is the next", `document.querySelector("h1")?.textContent === "收件箱" && document.title.startsWith("收件箱")`)
	s.kill()
	b.until("the page says that it is not live", `/秒后重新连接|离线|非实时/.test(document.querySelector("#status").textContent)`)
	s.start()
	b.untilLiveIn("实时")
	b.click(`#language button[lang="en"]`)
	b.untilLiveIn("live")
	b.until("it is in English again", `document.querySelector("h1")?.textContent === "Inbox" && document.documentElement.lang === "en"`)
	if bad := b.complaints(); len(bad) > 0 {
		t.Errorf("the browser complains: %q", bad)
	}
}

func TestReaderSwitchesTheLanguageInFirefox(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	f := openFirefox(t)
	f.navigate(s.url + lobby)
	f.untilLive()
	var done int
	f.eval(`(document.querySelector('#language button[lang="zh-CN"]').click(), 1)`, &done)
	f.until("the page is live in Chinese", `document.querySelector("#status")?.textContent === "实时"`)
	s.post("ann", "to Firefox, in Chinese")
	f.until("a message comes", `document.querySelector("#messages").textContent.includes("to Firefox, in Chinese")`)
	f.navigate(s.url + "/dashboard")
	f.until("the language stays", `document.querySelector("#status")?.textContent === "实时" && document.querySelector("h1")?.textContent === "仪表盘"`)
	f.eval(`(document.querySelector('#language button[lang="en"]').click(), 1)`, &done)
	f.until("it is English again", `document.querySelector("#status")?.textContent === "live" && document.querySelector("h1")?.textContent === "Dashboard"`)
}

// The switch is a form, and the pages are HTML: neither needs a script.
func TestReaderSwitchesTheLanguageWithoutScripts(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	b := openTab(t)
	if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	b.navigate(s.url + "/board/red")
	b.click(`#language button[lang="zh-CN"]`)
	b.until("the board is in Chinese", `document.querySelector("h1")?.textContent === "看板 red"`)
	b.click(".to-dashboard")
	b.until("so is the next page", `document.querySelector("h1")?.textContent === "仪表盘"`)
	b.click(`#language button[lang="en"]`)
	b.until("it is English again", `document.querySelector("h1")?.textContent === "Dashboard"`)
}

// Without a network the service worker has the front page, as it was seen last.
func TestFrontPageWithoutANetworkIsInTheLanguageOfTheLastVisit(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	b := openTab(t)
	b.navigate(s.url + "/")
	b.untilLiveIn("live")
	b.until("the service worker has taken over", `navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller)`)
	b.click(`#language button[lang="zh-CN"]`)
	b.untilLiveIn("实时")
	b.until("it has kept the page", `caches.match("/", {ignoreVary: true}).then(r => r?.text()).then(text => text?.includes('lang="zh-CN"'))`)
	s.kill()
	b.navigate(s.url + "/")
	b.until("the page is there, in Chinese", `document.documentElement.lang === "zh-CN" && document.querySelector("h1")?.textContent.includes("服务器发送事件")`)
}

// shownTexts returns what the page shows or reads aloud, but for what users, programs and
// standards have named.
const shownTexts = `(() => {
	const skip = "script, style, code, pre, .message, .notice .text, .presence, #guests, #clock, #ticks time, .brand, .hash + *, nav.rooms .name, [lang]:not(html), .inspect, #ready-state, .ready, #console, .file";
	const texts = [];
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
	for (let n = walk.nextNode(); n; n = walk.nextNode()) {
		const e = n.nodeType === Node.TEXT_NODE ? n.parentElement : n;
		if (e.closest(skip)) continue;
		if (n.nodeType === Node.TEXT_NODE) texts.push(n.data.trim());
		else for (const name of ["aria-label", "title", "placeholder", "alt"]) texts.push((e.getAttribute(name) || "").trim());
	}
	texts.push(document.title.replace(/ · Seaway$/, ""), document.querySelector("meta[name=description]").content);
	return [...new Set(texts)].filter(t => t);
})()`

// named is what both languages have: names of standards and programs, of rooms and boards,
// and units.
var named = regexp.MustCompile(`EventSource(\.readyState)?|WebSocket|WebAssembly|SSE|POST|HTTP(/[12](\.1)?)?|TCP|JavaScript|Cookie|readyState|\bGo\b|\bUTC\b|\bws\b|\b[kKM]i?B\b|\bms?\b|\b[Bs]\b|/s|\bKB\b|#?(lobby|deck|engine)|\b(red|blue)\b|Seaway|compare\.\w+|wasm loader icon`)

var (
	latin = regexp.MustCompile(`[A-Za-z]{2,}`)
	han   = regexp.MustCompile(`\p{Han}`)
)

// No page has a text in the other language: neither the server's HTML nor what the wasm
// draws.
func TestPagesAreInOneLanguage(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	fill(s)
	s.untilMeasured(3)
	b := openTab(t)
	b.navigate("about:blank")
	for _, in := range []struct {
		language, live string
		foreign        *regexp.Regexp
	}{{"zh-CN", "实时", latin}, {"en", "live", han}} {
		b.speak(in.language)
		for _, page := range pages {
			b.navigate(s.url + page.path)
			b.untilLiveIn(in.live)
			texts := eval[[]string](b, shownTexts)
			if len(texts) < 10 {
				t.Errorf("%s shows only %q", page.path, texts)
			}
			for _, text := range texts {
				if in.foreign.MatchString(named.ReplaceAllString(text, "")) {
					t.Errorf("%s in %s says %q", page.path, in.language, text)
				}
			}
		}
	}
}

// Each page in Chinese, at the size of a desk's screen and of a phone.
func TestPagesInChineseFitTheirScreens(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	fill(s)
	s.untilMeasured(10)
	for _, screen := range []struct {
		name          string
		width, height int64
	}{{"desk", 1280, 800}, {"phone", 390, 844}} {
		b := openTab(t)
		b.navigate("about:blank")
		b.speak("zh-CN")
		for _, page := range pages {
			b.emulate(screen.width, screen.height, "light")
			b.navigate(s.url + page.path)
			b.untilLiveIn("实时")
			name := strings.ReplaceAll(strings.Trim(page.path, "/"), "/", "-")
			if name == "" {
				name = "front"
			}
			b.screenshot(strings.Join([]string{"page", name, screen.name, "light", "zh"}, "-"))
			if wide := eval[int64](b, `document.documentElement.scrollWidth`); wide > screen.width {
				t.Errorf("%s is %d wide on a %s of %d", page.path, wide, screen.name, screen.width)
			}
			if small := eval[[]string](b, tooSmall); len(small) > 0 {
				t.Errorf("%s on a %s: smaller than 24 pixels: %q", page.path, screen.name, small)
			}
		}
	}
}

// The header has room for all of it in each language, whatever the window's width.
func TestHeaderHoldsTheSwitchOfLanguages(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	b := openTab(t)
	b.navigate("about:blank")
	for language, live := range map[string]string{"zh-CN": "实时", "en": "live"} {
		b.speak(language)
		b.navigate(s.url + "/inbox")
		b.untilLiveIn(live)
		for _, width := range []int64{320, 390, 640, 719, 720, 919, 1280, 1407, 1519, 1520, 1920} {
			b.emulate(width, 800, "light")
			outside := eval[[]string](b, `(bar => [...document.querySelectorAll(".bar > *:not(.pages), .bar .pages a")]
				.filter(e => getComputedStyle(e.closest(".pages") || e).position !== "fixed")
				.filter(e => { const r = e.getBoundingClientRect(); return r.top < bar.top || r.bottom > bar.bottom || r.right > bar.right })
				.map(e => e.className))(document.querySelector(".bar").getBoundingClientRect())`)
			if len(outside) > 0 {
				t.Errorf("in %s at %d pixels the header does not hold %q", language, width, outside)
			}
		}
	}
}

// The wasm draws first what the server drew, in Chinese as well.
func TestFirstWasmRenderIsWhatTheServerDrewInChinese(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	fill(s)
	s.untilMeasured(3)
	b := openTab(t, recordTakeover)
	b.navigate("about:blank")
	b.speak("zh-CN")
	for _, page := range pages {
		b.navigate(s.url + page.path)
		b.untilLiveIn("实时")
		b.until("the wasm has drawn the page", `window.after`)
		if before, after := eval[string](b, `window.before`), eval[string](b, `window.after`); before != after {
			t.Errorf("%s: %s", page.path, firstDifference(before, after))
		}
	}
}

func TestAccessibleInChinese(t *testing.T) {
	t.Parallel()
	axe := axeCore(t)
	s := startServer(t)
	fill(s)
	s.untilMeasured(3)
	b := openTab(t)
	b.navigate("about:blank")
	b.speak("zh-CN")
	for _, page := range pages {
		b.navigate(s.url + page.path)
		b.untilLiveIn("实时")
		for _, v := range b.violations(axe) {
			t.Errorf("%s: %s", page.path, v)
		}
	}
}
