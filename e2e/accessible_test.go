package e2e_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// axe-core checks what WCAG 2.2 requires at level AA as far as a program can:
// names, roles, contrast, the size of targets. Each page is checked while it is
// live, at desktop and phone size, light and dark.
func TestAccessibleOnEveryScreen(t *testing.T) {
	t.Parallel()
	axe := axeCore(t)
	s := startServer(t)
	fill(s)
	s.untilMeasured(3)
	for _, page := range pages {
		b := openTab(t)
		b.navigate(s.url + page.path)
		b.untilLive()
		for name, width := range map[string]int64{"a desk": 1280, "a phone": 390} {
			for _, scheme := range []string{"light", "dark"} {
				b.emulate(width, 800, scheme)
				for _, v := range b.violations(axe) {
					t.Errorf("%s on %s, %s: %s", page.path, name, scheme, v)
				}
			}
		}
	}
}

// So is the page for operators, which has no script of its own.
func TestAccessibleOperatorsPage(t *testing.T) {
	t.Parallel()
	axe := axeCore(t)
	admin := freeAddr(t)
	s := startServer(t, "-admin", admin)
	s.post("ann", "hello")
	s.get("/events?topic=secret")
	b := openTab(t)
	for name, width := range map[string]int64{"a desk": 1280, "a phone": 390} {
		for _, scheme := range []string{"light", "dark"} {
			b.emulate(width, 800, scheme)
			b.navigate("http://" + admin + "/")
			for _, v := range b.violations(axe) {
				t.Errorf("on %s, %s: %s", name, scheme, v)
			}
			if wide := eval[int](b, `document.documentElement.scrollWidth - innerWidth`); wide > 0 {
				t.Errorf("on %s the page is %d px wider than the screen", name, wide)
			}
			b.screenshot("operators-" + strings.TrimPrefix(name, "a ") + "-" + scheme)
		}
	}
}

// A rule that never finds anything would check nothing.
func TestAccessibilityRulesFindFaults(t *testing.T) {
	t.Parallel()
	b := openTab(t)
	b.navigate(`data:text/html,<title>x</title><html lang=en><main><h1>x</h1><img src=x><p style="color:%23ccc">pale</p>`)
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
