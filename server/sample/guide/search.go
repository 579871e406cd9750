package guide

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxQuery   = 100 // bytes of a query
	maxResults = 20
	around     = 90 // bytes of a snippet before and after what was found
)

// An index finds sections by their words. It is small enough to be read from the
// beginning to the end: 110 sections of together 100 KB take a millisecond.
type index []entry

// An entry is a section with its words in lower case.
type entry struct {
	Result
	text, lower, title, chapter string
}

// A Result is a section that was found.
type Result struct {
	Chapter, Title, Href string
	Snippet              []Part
}

// A Part is a piece of a snippet, and whether it was looked for.
type Part struct {
	Text string
	Hit  bool
}

func newIndex(b Book) (x index) {
	for _, c := range b.Chapters {
		for _, s := range c.Sections {
			href := pathOf(c)
			if s.ID != "" {
				href += "#" + s.ID
			}
			x = append(x, entry{
				Result{Chapter: c.Title, Title: s.Title, Href: href},
				s.Text, lower(s.Text), lower(s.Title), lower(c.Title),
			})
		}
	}
	return x
}

// lower is strings.ToLower where that leaves each byte in its place: positions in the
// result are positions in the text.
func lower(s string) string {
	return strings.Map(func(c rune) rune {
		if l := unicode.ToLower(c); utf8.RuneLen(l) == utf8.RuneLen(c) {
			return l
		}
		return c
	}, strings.ToValidUTF8(s, "?"))
}

// find returns the sections that have all words of a query, or words that begin with
// them: the best first.
func (x index) find(query string) []Result {
	terms := strings.FieldsFunc(lower(query), isNoLetter)
	if len(terms) == 0 {
		return nil
	}
	type scored struct {
		entry
		score int
	}
	var found []scored
	for _, e := range x {
		if score := e.score(terms); score > 0 {
			found = append(found, scored{e, score})
		}
	}
	slices.SortStableFunc(found, func(a, b scored) int { return b.score - a.score })
	var results []Result
	for _, f := range found[:min(len(found), maxResults)] {
		f.Snippet = f.snippet(terms)
		results = append(results, f.Result)
	}
	return results
}

func isNoLetter(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) }

// score says how much a section is about all terms, 0 if it lacks one.
func (e entry) score(terms []string) (sum int) {
	for _, term := range terms {
		score := len(starts(e.lower, term, 5))
		if len(starts(e.title, term, 1)) > 0 {
			score += 10
		}
		if len(starts(e.chapter, term, 1)) > 0 {
			score += 4
		}
		if score == 0 && strings.Contains(e.lower, term) {
			score = 1 // inside of a word, as in EventSource
		}
		if score == 0 {
			return 0
		}
		sum += score
	}
	return sum
}

// starts returns where words of a text begin with a term, the first n such places.
func starts(text, term string, n int) (at []int) {
	for from := 0; len(at) < n; {
		i := strings.Index(text[from:], term)
		if i < 0 {
			break
		}
		i += from
		if before, _ := utf8.DecodeLastRuneInString(text[:i]); i == 0 || isNoLetter(before) {
			at = append(at, i)
		}
		from = i + len(term)
	}
	return at
}

// snippet returns the text around the first term that it has, with all terms as hits.
func (e entry) snippet(terms []string) (parts []Part) {
	first := len(e.text)
	for _, term := range terms {
		if at := starts(e.lower, term, 1); len(at) > 0 {
			first = min(first, at[0])
		} else if i := strings.Index(e.lower, term); i >= 0 {
			first = min(first, i)
		}
	}
	if first == len(e.text) {
		first = 0 // the title alone has it
	}
	from, to := wordBefore(e.text, first-around), wordAfter(e.text, first+2*around)
	return split(e.text[from:to], e.lower[from:to], terms)
}

// wordBefore returns where a word begins, at i or before.
func wordBefore(text string, i int) int {
	if i <= 0 {
		return 0
	}
	return strings.LastIndexAny(text[:i], " \n") + 1
}

// wordAfter returns where a word ends, at i or after.
func wordAfter(text string, i int) int {
	if i >= len(text) {
		return len(text)
	}
	if n := strings.IndexAny(text[i:], " \n"); n >= 0 {
		return i + n
	}
	return len(text)
}

// split cuts a text at the terms.
func split(text, low string, terms []string) (parts []Part) {
	for len(text) > 0 {
		at, length := len(text), 0
		for _, term := range terms {
			if i := strings.Index(low, term); i >= 0 && i < at {
				at, length = i, len(term)
			}
		}
		if at > 0 {
			parts = append(parts, Part{Text: text[:at]})
		}
		if length > 0 {
			parts = append(parts, Part{Text: text[at : at+length], Hit: true})
		}
		text, low = text[at+length:], low[at+length:]
	}
	return parts
}

// cut returns the first n bytes of a text, or fewer, so that no letter is cut.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
