package guide

import (
	"strings"
	"testing"
)

func found(results []Result) string {
	var titles []string
	for _, r := range results {
		titles = append(titles, r.Title)
	}
	return strings.Join(titles, ", ")
}

func TestIndexFindsSections(t *testing.T) {
	x := newIndex(book)
	for query, want := range map[string]string{
		"mast":        "Masts, Ships & boats, Seas", // a title counts more than a text
		"MAST":        "Masts, Ships & boats, Seas",
		"mast deep":   "Seas", // all words
		"ships":       "Ships & boats, Masts",
		"source":      "Masts", // inside of a word
		"sai":         "Ships & boats, Masts",
		"-mast.":      "Masts, Ships & boats, Seas",
		"submarine":   "",
		"mast absent": "",
		"":            "",
		"&":           "",
	} {
		if got := found(x.find(query)); got != want {
			t.Errorf("%q: %s, want %s", query, got, want)
		}
	}
}

func TestIndexShowsWhatItFound(t *testing.T) {
	long := strings.Repeat("lorem ipsum ", 50)
	x := newIndex(Book{Chapters: []Chapter{{Slug: "a", Title: "A", Sections: []Section{{Title: "A", Text: long + "the Mast is tall " + long}}}}})
	var text, hits string
	for _, p := range x.find("mast tall")[0].Snippet {
		text += p.Text
		if p.Hit {
			hits += p.Text + " "
		}
	}
	if hits != "Mast tall " || len(text) > 4*around || !strings.Contains(long+"the Mast is tall "+long, text) || strings.HasPrefix(text, "orem") {
		t.Errorf("%q are the hits of %q", hits, text)
	}
}

// Letters whose lower case has another length, and bytes that are no text, keep every
// position where it is.
func TestIndexKeepsPositions(t *testing.T) {
	for _, s := range []string{"İstanbul Mast", "\xff Mast ẞ", "ǅ Mast"} {
		if l := lower(s); len(l) != len(strings.ToValidUTF8(s, "?")) || !strings.Contains(l, "mast") {
			t.Errorf("%q becomes %q", s, l)
		}
	}
}

func BenchmarkIndex(b *testing.B) {
	var sections []Section
	for range 110 {
		sections = append(sections, Section{Title: "A section", Text: strings.Repeat("words of a section about event sources ", 25)})
	}
	x := newIndex(Book{Chapters: []Chapter{{Slug: "a", Title: "A", Sections: sections}}})
	for b.Loop() {
		x.find("event source")
	}
}
