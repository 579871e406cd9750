package livelist

import (
	"strings"
	"testing"
	"time"
)

func TestAnnouncementSumsUpArrivals(t *testing.T) {
	start := time.Unix(1000, 0)
	a := announcements{words: &English, one: "message", many: "messages", announced: 5}
	for _, c := range []struct {
		after time.Duration
		count int
		words string
		want  string
		due   time.Duration // 0 for none
	}{
		{0, 5, "", "", 0},
		{0, 6, "from Ann: hi", "1 new message, from Ann: hi", 0},
		{time.Second, 6, "", "", 0},
		{time.Second, 7, "from Bob: a", "", 3 * time.Second},
		{2 * time.Second, 9, "from Bob: b", "", 3 * time.Second},
		{3 * time.Second, 9, "from\n Bob:  b", "3 new messages, the last from Bob: b", 0},
		{9 * time.Second, 12, "", "3 new messages", 0},
		{-time.Hour, 13, "from Ann: hi", "1 new message, from Ann: hi", 0}, // the clock was set back
	} {
		got, due := a.next(c.count, c.words, start.Add(c.after))
		if got = strings.TrimSuffix(got, "\u00a0"); got != c.want {
			t.Errorf("after %v it says %q, want %q", c.after, got, c.want)
		}
		if want := start.Add(c.due); c.due == 0 && !due.IsZero() || c.due != 0 && !due.Equal(want) {
			t.Errorf("after %v the next is due at %v", c.after, due)
		}
	}
}

func TestAnnouncementIsShort(t *testing.T) {
	a := announcements{words: &English, one: "item", many: "items"}
	got, _ := a.next(1, strings.Repeat("\U0001F6A2", 4000), time.Unix(1000, 0))
	if n := strings.Count(got, "\U0001F6A2"); n != maxExcerpt || !strings.Contains(got, "\u2026") {
		t.Errorf("it has %d characters of the item's", n)
	}
	if got := excerpt(strings.Repeat("x", maxExcerpt)); len(got) != maxExcerpt {
		t.Errorf("%q was cut", got)
	}
}
