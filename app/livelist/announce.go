package livelist

import (
	"strings"
	"time"
)

// announceInterval is the least time between two announcements. Screen readers
// read each aloud, so a burst is summed up in one sentence.
const announceInterval = 3 * time.Second

// maxExcerpt is how many characters of an item an announcement quotes.
const maxExcerpt = 120

// announcements makes the sentences that announce arrivals to screen readers.
type announcements struct {
	words     *Words
	one, many string // the name of an item
	announced int    // how many arrivals have been announced
	nextAt    time.Time
	alternate bool
}

// next returns a sentence for the arrivals that are not announced yet, if
// announceInterval has passed since the last one. Otherwise due is when it will
// have, or zero if there are no new arrivals.
func (a *announcements) next(count int, words string, now time.Time) (sentence string, due time.Time) {
	n := count - a.announced
	switch {
	case n <= 0:
		return "", time.Time{}
	case now.Before(a.nextAt) && a.nextAt.Sub(now) <= announceInterval: // or the clock was set back
		return "", a.nextAt
	}
	a.announced, a.nextAt = count, now.Add(announceInterval)
	return a.sentence(n, words), time.Time{}
}

func (a *announcements) sentence(n int, words string) string {
	s := a.words.Announce(n, a.one, a.many, excerpt(words))
	// A screen reader announces a change of the text, and not the same text again.
	if a.alternate = !a.alternate; a.alternate {
		s += "\u00a0"
	}
	return s
}

// excerpt returns the beginning of a text in one line, cut to maxExcerpt
// characters.
func excerpt(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	n := 0
	for at := range s {
		if n++; n > maxExcerpt {
			return s[:at] + "\u2026"
		}
	}
	return s
}
