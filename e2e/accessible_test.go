package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// pages are the sample's, by the name of their pictures.
var pages = map[string]string{
	"messages": "/",
}

// A screen is how a reader looks at a page.
type screen struct {
	name          string
	width, height int64
	scheme        string // light or dark
}

var screens = []screen{
	{"desktop-light", 1280, 800, "light"}, {"desktop-dark", 1280, 800, "dark"},
	{"phone-light", 390, 844, "light"}, {"phone-dark", 390, 844, "dark"},
}

// axe-core's rules hold what WCAG 2.2 asks for at level AA as far as a program
// can tell: names, roles, contrast, the size of targets. Each page is looked at
// on every screen while it is live, and photographed.
func TestAccessibleOnEveryScreen(t *testing.T) {
	t.Parallel()
	axe := axeCore(t)
	s := startServer(t)
	s.furnish()
	for name, path := range pages {
		for _, on := range screens {
			b := openTab(t)
			b.lookFrom(on)
			b.visit(s.url + path)
			b.untilLive()
			b.screenshot(name + "-" + on.name)
			for _, v := range b.violations(axe) {
				t.Errorf("%s on %s: %s", path, on.name, v)
			}
			if wide := eval[int](b, `document.documentElement.scrollWidth - innerWidth`); wide > 0 {
				t.Errorf("%s on %s scrolls sideways by %d pixels", path, on.name, wide)
			}
		}
	}
}

// A rule that finds nothing anywhere would hold nothing.
func TestAccessibilityRulesFindFaults(t *testing.T) {
	t.Parallel()
	b := openTab(t)
	b.visit(`data:text/html,<title>x</title><html lang=en><main><h1>x</h1><img src=x><p style="color:%23ccc">pale</p>`)
	found := b.violations(axeCore(t))
	if len(found) != 2 {
		t.Errorf("a page with two faults has %q", found)
	}
}

// axeCore returns the program that looks at pages.
func axeCore(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("axe", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal("these tests need axe-core: e2e/axe.sh: ", err)
	}
	return string(text)
}

// violations returns what axe-core calls serious or critical.
func (b *tab) violations(axe string) []string {
	b.t.Helper()
	eval[bool](b, axe+"; true")
	return eval[[]string](b, `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations
		.filter(v => v.impact === "serious" || v.impact === "critical")
		.map(v => v.id + " (" + v.impact + "): " + v.help + ": " + v.nodes.map(n => n.html.slice(0, 200) + " " + n.failureSummary).join("; ")))`)
}

// lookFrom makes the tab's screen that one.
func (b *tab) lookFrom(on screen) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, chromedp.EmulateViewport(on.width, on.height)); err != nil {
		b.t.Fatal(err)
	}
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: on.scheme}},
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// furnish fills the lobby with what people write.
func (s *server) furnish() {
	for i, m := range [][2]string{
		{"Ann", "Is the new build on the staging server?"},
		{"Bob", "Restarting it right now, with kill -9, to see what happens."},
		{"Ann", "And?"},
		{"Bob", "Nothing. The page said reconnecting for three seconds and then went on where it was."},
		{"Chi", "Every message there, once, in order. I counted."},
	} {
		s.post(m[0], fmt.Sprint(m[1], i))
	}
}
