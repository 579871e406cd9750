package guide

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
)

// A Book is the guide as e2e/guide renders it from Markdown: HTML for the pages, and
// text for the search.
type Book struct {
	Cover    Chapter   `json:"cover"` // the first page, which lists the chapters
	Chapters []Chapter `json:"chapters"`
}

// A Chapter is one page.
type Chapter struct {
	Slug     string    `json:"slug"` // the last part of its address; empty for the cover
	Title    string    `json:"title"`
	Summary  string    `json:"summary"`
	HTML     string    `json:"html"` // all of it but the title
	Sections []Section `json:"sections"`
}

// A Section is what is below one heading.
type Section struct {
	ID    string `json:"id"`    // of the heading; empty for what comes before the first one
	Title string `json:"title"` // the chapter's before the first heading
	Text  string `json:"text"`
}

// File is the name of the rendered guide in the directory build.
const File = "guide.json"

// built is empty in a program that was built without the guide.
//
//go:embed all:build
var built embed.FS

// errNotBuilt says that the program has no guide.
var errNotBuilt = errors.New("this program was built without the guide: make build")

// read reads a rendered guide.
func read(files fs.FS) (b Book, err error) {
	text, err := fs.ReadFile(files, "build/"+File)
	if errors.Is(err, fs.ErrNotExist) {
		return b, errNotBuilt
	}
	if err != nil {
		return b, err
	}
	if err := json.Unmarshal(text, &b); err != nil {
		return b, fmt.Errorf("the guide: %w", err)
	}
	return b, nil
}
