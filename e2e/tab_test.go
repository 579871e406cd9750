package e2e_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A tab is a page in a browser profile of its own.
type tab struct {
	t   testing.TB
	ctx context.Context

	mu       sync.Mutex
	problems []string // errors that the page or the browser has logged, and warnings of preloads
}

// openTab opens an empty tab and runs the scripts before each page's own.
func openTab(t testing.TB, scripts ...string) *tab {
	t.Helper()
	return openTabIn(t, chromedp.WithNewBrowserContext(), scripts...)
}

// openAnother opens one more tab in the same profile.
func (b *tab) openAnother(scripts ...string) *tab {
	b.t.Helper()
	profile := chromedp.FromContext(b.ctx).BrowserContextID
	return openTabIn(b.t, chromedp.WithExistingBrowserContext(profile), scripts...)
}

func openTabIn(t testing.TB, profile chromedp.ContextOption, scripts ...string) *tab {
	t.Helper()
	limited, end := context.WithTimeout(browser, tabLimit)
	t.Cleanup(end)
	ctx, cancel := chromedp.NewContext(limited, profile)
	t.Cleanup(cancel)
	return newTab(t, ctx, scripts...)
}

// newTab opens the tab of a context.
func newTab(t testing.TB, ctx context.Context, scripts ...string) *tab {
	t.Helper()
	b := &tab{t: t, ctx: ctx}
	t.Cleanup(b.keepsToItsPolicy)
	if err := chromedp.Listen(ctx, b.listen); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	for _, s := range scripts {
		_, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: s})
		if err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// openPage opens a tab on the server's messages.
func openPage(t testing.TB, s *server, scripts ...string) *tab {
	t.Helper()
	b := openTab(t, scripts...)
	b.navigate(s.url + lobby)
	return b
}

func (b *tab) listen(ev any) {
	problem := ""
	switch ev := ev.(type) {
	case *runtime.EventExceptionThrown:
		text, _ := json.Marshal(ev.ExceptionDetails)
		problem = string(text)
	case *log.EventEntryAdded:
		if ev.Entry.Level == "error" || strings.Contains(ev.Entry.Text, "preload") {
			problem = ev.Entry.Text + " " + ev.Entry.URL
		}
	}
	if problem != "" {
		b.mu.Lock()
		b.problems = append(b.problems, problem)
		b.mu.Unlock()
	}
}

// unusedYet is in Chromium's warning that what was preloaded has not been used a
// few seconds after the page's load. It says how slow the machine is; whether it
// is used in the end a test sees from what is fetched.
const unusedYet = "was preloaded using link preload but not used within a few seconds"

// warned reports whether the browser has logged a text.
func (b *tab) warned(text string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.ContainsFunc(b.problems, func(p string) bool { return strings.Contains(p, text) })
}

// complaints returns what was logged as an error, but for connections that
// failed, which are what some tests are about, and for a preload that is unused
// yet.
func (b *tab) complaints() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(b.problems), func(p string) bool {
		return strings.Contains(p, "net::ERR_") || strings.Contains(p, "Failed to load resource") || strings.Contains(p, unusedYet)
	})
}

// keepsToItsPolicy fails any test in which the page did what its
// Content-Security-Policy forbids.
func (b *tab) keepsToItsPolicy() {
	b.t.Helper()
	for _, p := range b.complaints() {
		if strings.Contains(p, "Content Security Policy") {
			b.t.Errorf("the page's policy: %s", p)
		}
	}
}

func (b *tab) navigate(url string) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, chromedp.Navigate(url)); err != nil {
		b.t.Fatal(err)
	}
}

// eval returns the value of a JavaScript expression; a promise is awaited.
func eval[T any](b *tab, expr string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expr, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %v", expr, err)
	}
	return v
}

// holds reports whether a JavaScript expression is true. In a page that is being
// left for another it is not.
func (b *tab) holds(expr string) bool {
	b.t.Helper()
	yes, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("!!("+expr+")", chromedp.EvalAwaitPromise))
	if err != nil && !strings.Contains(err.Error(), "Inspected target navigated or closed") {
		b.t.Fatalf("%s: %v", expr, err)
	}
	return err == nil && yes
}

// until waits until a JavaScript expression is true.
func (b *tab) until(what, expr string) {
	b.t.Helper()
	until(b.t, what, func() bool { return b.holds(expr) })
}

func (b *tab) untilLive() {
	b.t.Helper()
	b.until("the page is live", `document.querySelector("#status")?.textContent === "live"`)
}

// untilControlled waits until the service worker handles the page's requests,
// and loads the page once more: now everything goes through the worker.
func (b *tab) untilControlled() {
	b.t.Helper()
	b.until("a service worker controls the page", `navigator.serviceWorker.controller`)
	if err := chromedp.Do(b.ctx, chromedp.Reload()); err != nil {
		b.t.Fatal(err)
	}
	b.until("it controls the next load", `navigator.serviceWorker.controller`)
	b.untilLive()
}

// texts returns the messages that the page shows.
func (b *tab) texts() []string {
	b.t.Helper()
	return eval[[]string](b, `[...document.querySelectorAll("#messages .message .text")].map(e => e.textContent)`)
}

func (b *tab) untilShows(text string) {
	b.t.Helper()
	quoted, _ := json.Marshal(text)
	b.until("the page shows "+text, `[...document.querySelectorAll("#messages .text")].some(e => e.textContent === `+string(quoted)+`)`)
}

// write posts a message through the page's composer.
func (b *tab) write(author, text string) {
	b.t.Helper()
	name, _ := json.Marshal(author)
	eval[string](b, `document.querySelector("#author").value = `+string(name))
	err := chromedp.Do(b.ctx,
		chromedp.SendKeys(chromedp.ID("text"), text),
		chromedp.Click(chromedp.ID("send")),
	)
	if err != nil {
		b.t.Fatal(err)
	}
}

// click presses what a selector names.
func (b *tab) click(selector string) {
	b.t.Helper()
	b.until("there is "+selector, "document.querySelector(`"+selector+"`)") // Click would wait for ever
	if err := chromedp.Do(b.ctx, chromedp.Click(chromedp.CSS(selector))); err != nil {
		b.t.Fatalf("click %s: %v", selector, err)
	}
}

// typeInto writes into a field at the end of what it has.
func (b *tab) typeInto(id, text string) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, chromedp.SendKeys(chromedp.ID(id), text)); err != nil {
		b.t.Fatalf("type into %s: %v", id, err)
	}
}

// pressIn presses a key in a field.
func (b *tab) pressIn(id, key string) {
	b.t.Helper()
	keys, opts := map[string]string{"Enter": kb.Enter, "Shift+Enter": kb.Enter, "Escape": kb.Escape, "Tab": kb.Tab}, []chromedp.KeyOption(nil)
	if strings.HasPrefix(key, "Shift+") {
		opts = append(opts, chromedp.KeyModifiers(chromedp.ModifierShift))
	}
	if err := chromedp.Do(b.ctx, chromedp.Focus(chromedp.ID(id)), chromedp.KeyEvent(keys[key], opts...)); err != nil {
		b.t.Fatalf("press %s: %v", key, err)
	}
}

// emulate gives the tab a screen and a preference.
func (b *tab) emulate(width, height int64, scheme string) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: width, Height: height, DeviceScaleFactor: 1, Mobile: width < 600,
	})
	if err == nil {
		_, err = chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

// screenshot saves a picture below e2e/out, to be looked at.
func (b *tab) screenshot(name string) {
	b.t.Helper()
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.MkdirAll("out", 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join("out", name+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}
