package livelist_test

import (
	"strings"
	"testing"
	"time"

	"github.com/seawaykit/seaway/app/livelist"
)

// The browser decides how a time is written: what is tested is which parts it has.
func TestMomentFormatsTimeAsTheBrowserDoes(t *testing.T) {
	now := time.Date(2026, 3, 1, 20, 30, 20, 0, time.Local)
	m := livelist.MomentAt(now)
	for name, c := range map[string]struct {
		at            time.Time
		parts, others []string
	}{
		"today":     {now.Add(-2 * time.Hour), []string{"30"}, []string{"Mar", "3/", "20"}},
		"yesterday": {now.AddDate(0, 0, -1), []string{"Feb", "28", "30"}, []string{"2026"}},
		"last year": {now.AddDate(-1, 0, 0), []string{"Mar", "1", "2025"}, []string{":"}},
		"just now":  {now, []string{"now"}, []string{":"}},
	} {
		got := m.Format(c.at)
		for _, part := range c.parts {
			if !strings.Contains(got, part) {
				t.Errorf("%s: %q lacks %q", name, got, part)
			}
		}
		for _, part := range c.others {
			if strings.Contains(got, part) && !strings.Contains(part, "20") {
				t.Errorf("%s: %q has %q", name, got, part)
			}
		}
	}
}
