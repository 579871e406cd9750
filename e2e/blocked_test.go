package e2e_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	browsers "github.com/seawaykit/seaway/e2e/wasmexec/browser"
)

// Browsers that keep nothing of a site, by their own settings: the page is live, and says
// that no draft is kept.
func TestPageIsLiveInABrowserThatKeepsNothing(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	s.post("ann", "to be read")
	t.Run("Chromium", func(t *testing.T) {
		b := openProfile(t, `{"profile": {"default_content_setting_values": {"cookies": 2}}}`)
		keepsNothing(t, s, b)
		for name, width := range map[string]int64{"desk": 1280, "phone": 390} {
			for _, scheme := range []string{"light", "dark"} {
				b.emulate(width, 800, scheme)
				b.screenshot("no-cookies-" + name + "-" + scheme)
			}
		}
		if bad := b.complaints(); len(bad) > 0 {
			t.Errorf("the browser complains: %q", bad)
		}
	})
	t.Run("Firefox", func(t *testing.T) {
		keepsNothing(t, s, openFirefoxWith(t, `user_pref("network.cookie.cookieBehavior", 2);`))
	})
}

func keepsNothing(t *testing.T, s *server, v anyPage) {
	t.Helper()
	v.navigate(s.url + "/room/lobby")
	v.until("it is live", says("live, but this browser keeps no drafts"))
	v.until("what was drawn is there", shows("to be read"))
	text := "and it goes on in " + browserName(v)
	s.post("ann", text)
	v.until("it goes on", shows(text))
	v.until("a name is typed", fillIn("author", "Ann"))
	text = "without a cookie in " + browserName(v)
	v.until("something is typed", fillIn("text", text))
	v.until("it is sent", `(document.querySelector("#send").click(), `+composerHolds("")+`)`) // once the page knows that it gets no name
	v.until("it has arrived", shows(text)+` && !document.querySelector(".livelist-pending")`)
	v.until("the status is whole", whole("#status"))
}

// A private window keeps nothing for later, and is a page as any other until then.
func TestPageIsLiveInAPrivateWindow(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	for _, v := range []anyPage{openTab(t), openFirefoxWith(t, `user_pref("browser.privatebrowsing.autostart", true);`)} {
		v.navigate(s.url + "/room/lobby")
		v.until("it is live", says("live"))
		v.until("something is typed", fillIn("text", "half a sent"))
		v.navigate(s.url + "/room/lobby")
		v.until("it is live", says("live"))
		v.until("the draft is there", composerHolds("half a sent"))
	}
}

// openProfile opens the tab of a Chromium with preferences of its own.
func openProfile(t *testing.T, preferences string) *tab {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "Default"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "Default", "Preferences"), preferences)
	ctx, stop, err := startBrowser(chromedp.UserDataDir(dir))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	limited, end := context.WithTimeout(ctx, tabLimit)
	t.Cleanup(end)
	return newTab(t, limited)
}

// openFirefoxWith opens a Firefox with more preferences.
func openFirefoxWith(t *testing.T, preferences string) *firefox {
	t.Helper()
	program, err := browsers.Firefox.Find()
	if err != nil {
		t.Fatal(err)
	}
	program.Preferences = preferences
	return launchFirefox(t, program)
}
