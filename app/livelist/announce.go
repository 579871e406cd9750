package livelist

import (
	"strconv"
	"strings"
	"time"
)

// Those who listen to a page hear at most one sentence in quiet, however much
// arrives: it is a summary of what came since the last.
const quiet = 3 * time.Second

// longest is how many characters of an item a sentence has.
const longest = 120

// An announcer makes sentences of news.
type announcer struct {
	one, many string // what an item is called
	told      int    // of the news
	free      time.Time
	odd       bool
}

// next returns a sentence for what has not been told, if there is something and
// its time has come; otherwise when that is, the zero time if there is nothing.
func (a *announcer) next(count int, words string, now time.Time) (sentence string, due time.Time) {
	n := count - a.told
	switch {
	case n <= 0:
		return "", time.Time{}
	case now.Before(a.free) && a.free.Sub(now) <= quiet: // or the clock was set back
		return "", a.free
	}
	a.told, a.free = count, now.Add(quiet)
	return a.sentence(n, words), time.Time{}
}

func (a *announcer) sentence(n int, words string) string {
	s := strconv.Itoa(n) + " new "
	last := ", "
	if n == 1 {
		s += a.one
	} else {
		s, last = s+a.many, ", the last "
	}
	if words = short(words); words != "" {
		s += last + words
	}
	// A browser tells of a change, not of the same text once more.
	if a.odd = !a.odd; a.odd {
		s += "\u00a0"
	}
	return s
}

// short returns a text in one line and not too long.
func short(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	n := 0
	for at := range s {
		if n++; n > longest {
			return s[:at] + "\u2026"
		}
	}
	return s
}
