//go:build !js

package livelist_test

import (
	"testing"
	"time"

	"github.com/seawaykit/seaway/app/livelist"
)

func TestMomentFormatsTime(t *testing.T) {
	now := time.Date(2026, 3, 1, 0, 30, 20, 0, time.Local)
	for name, c := range map[string]struct {
		now, at time.Time
		want    string
	}{
		"just now":              {now, now.Add(-20 * time.Second), "now"},
		"the minute before":     {now, now.Add(-21 * time.Second), "1 min"},
		"two minutes":           {now, now.Add(-2 * time.Minute), "2 min"},
		"almost an hour":        {now, now.Add(-59 * time.Minute), "59 min"},
		"an hour, and a day":    {now, now.Add(-time.Hour), "28 Feb, 23:30"},
		"today":                 {now.Add(10 * time.Hour), now, "00:30"},
		"last year":             {now, now.AddDate(-1, 0, 0), "1 Mar 2025"},
		"ahead":                 {now, now.Add(time.Hour), "now"},
		"in another zone":       {now, now.Add(-5 * time.Minute).In(time.FixedZone("", 3600)), "5 min"},
		"no clock":              {time.Time{}, time.Date(2026, 3, 1, 9, 5, 0, 0, time.FixedZone("", 3600)), "08:05 UTC"},
		"no clock, and no time": {time.Time{}, time.Time{}, "00:00 UTC"},
	} {
		var m livelist.Moment
		if !c.now.IsZero() {
			m = livelist.MomentAt(c.now)
		}
		if got := m.Format(c.at); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
