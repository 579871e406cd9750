package e2e_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/shared/sample/chat"
)

// stateTexts returns the texts of a room's state that were not removed, the oldest
// first.
func (s *server) stateTexts(room string) (texts []string) {
	s.t.Helper()
	var answer struct {
		Value struct {
			Order []string
			Lines map[string]struct{ Text, Removed string }
		}
	}
	resp, body := s.get("/state?topic=" + chat.Topic(room))
	if err := json.Unmarshal([]byte(body), &answer); err != nil || resp.StatusCode != 200 {
		s.t.Fatalf("the state of %s: %d %.200s (%v)", room, resp.StatusCode, body, err)
	}
	for _, id := range answer.Value.Order {
		if line := answer.Value.Lines[id]; line.Removed == "" {
			texts = append(texts, line.Text)
		}
	}
	return texts
}

// A screen is a page in a browser.
type screen interface {
	navigate(url string)
	until(what, expr string)
	untilLive()
	texts() []string
}

// openScreens opens the server's page in each browser.
func openScreens(t *testing.T, s *server) map[string]screen {
	t.Helper()
	all := map[string]screen{"Chromium": openTab(t), "Firefox": openFirefox(t)}
	for _, b := range all {
		b.navigate(s.url + lobby)
		b.untilLive()
		b.until("the page is marked", `window.loadedOnce = true`)
	}
	return all
}

// showNewest checks that a page that is open ends like the room, and has at least what
// pages begin with, without having been loaded again; and that a page which is loaded now has
// exactly that.
func showNewest(t *testing.T, screens map[string]screen, url string, texts []string) {
	t.Helper()
	newest := texts[max(0, len(texts)-chat.Newest):]
	for name, b := range screens {
		b.until(name+" shows the last message", fmt.Sprintf(`[...document.querySelectorAll("#messages .text")].some(e => e.textContent === %q)`, texts[len(texts)-1]))
		b.untilLive()
		if got := b.texts(); len(got) < len(newest) || !strings.HasSuffix(strings.Join(texts, "\n"), strings.Join(got, "\n")) {
			t.Errorf("the page that is open in %s shows %s", name, difference(got, texts[max(0, len(texts)-len(got)):]))
		}
		b.until(name+" has not loaded the page again", `window.loadedOnce`)
		b.navigate(url + lobby)
		b.untilLive()
		if got := b.texts(); !slices.Equal(got, newest) {
			t.Errorf("a new page in %s shows %s", name, difference(got, newest))
		}
	}
}
