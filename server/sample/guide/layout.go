package guide

import (
	"bytes"
	_ "embed"
	"html/template"
	"io"
	"strings"
)

//go:embed layout.html
var layoutHTML string

var documents = template.Must(template.New("layout").Parse(layoutHTML))

// A layout composes documents: the frame around what they are about.
type layout struct {
	book Book
	url  func(path string) string
}

func newLayout(b Book, url func(path string) string) layout { return layout{b, url} }

// A document is what the template draws.
type document struct {
	layout
	Title, Summary string
	Slug           string
	Body           template.HTML
	Sections       []Section // with a heading
	Previous, Next *Chapter

	Query   string
	Results []Result
	Lost    bool
}

// Chapters are those of the navigation.
func (l layout) Chapters() []Chapter { return l.book.Chapters }

// URL returns the address of a path.
func (l layout) URL(path string) string { return l.url(path) }

// Href returns the address of a chapter.
func (l layout) Href(c Chapter) string { return l.url(pathOf(c)) }

// body gives the links of a chapter their addresses.
func (l layout) body(html string) template.HTML {
	// The HTML was rendered from the kit's own Markdown.
	return template.HTML(strings.ReplaceAll(html, `href="/`, `href="`+l.url("/")))
}

// chapter composes a chapter; the cover's number is -1.
func (l layout) chapter(c Chapter, number int) (*page, error) {
	d := document{layout: l, Title: c.Title, Summary: c.Summary, Slug: c.Slug, Body: l.body(c.HTML)}
	for _, s := range c.Sections {
		if s.ID != "" && number >= 0 {
			d.Sections = append(d.Sections, s)
		}
	}
	if number == 0 {
		d.Previous = &l.book.Cover
	}
	if number > 0 {
		d.Previous = &l.book.Chapters[number-1]
	}
	if number+1 < len(l.book.Chapters) {
		d.Next = &l.book.Chapters[number+1]
	}
	return d.compose()
}

// lost composes the answer to the address of no chapter.
func (l layout) lost() (*page, error) {
	return document{layout: l, Title: "There is no such chapter", Slug: "lost", Lost: true}.compose()
}

func (d document) compose() (*page, error) {
	var text bytes.Buffer
	err := documents.Execute(&text, d)
	return newPage(text.Bytes()), err
}

// results writes what a search has found.
func (l layout) results(w io.Writer, query string, found []Result) error {
	return documents.Execute(w, document{layout: l, Title: "Search", Slug: "search", Query: query, Results: found})
}
