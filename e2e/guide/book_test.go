package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/seawaykit/seaway/server/sample/guide"
)

// files returns a guide of a contents that lists what is given, and those files.
func files(chapters map[string]string) fstest.MapFS {
	dir := fstest.MapFS{}
	list := "# The guide\n\nWhat it is.\n\n"
	for name, text := range chapters {
		list += "- [" + name + "](" + name + "): about it\n"
		dir[name] = &fstest.MapFile{Data: []byte(text)}
	}
	dir[contents] = &fstest.MapFile{Data: []byte(list)}
	return dir
}

func TestBookIsRendered(t *testing.T) {
	b, err := render(files(map[string]string{"a.md": "# Ships\n\nShips sail\non `seas`.\n\n## Masts, and sails\n\n| of | what is |\n|---|---|\n| oak | x & y |\n\n" +
		"See [this](#masts-and-sails), [all](README.md) and [the kit](../../README.md#x).\n\n```go\nfunc main() { /* <b> */ }\n```\n"}))
	if err != nil {
		t.Fatal(err)
	}
	c := b.Chapters[0]
	if b.Cover.Slug != "" || b.Cover.Title != "The guide" || c.Slug != "a" || c.Title != "Ships" || c.Summary != "Ships sail on seas." {
		t.Errorf("got %+v and %+v", b.Cover, c)
	}
	want := []guide.Section{
		{Title: "Ships", Text: "Ships sail on seas."},
		{ID: "masts-and-sails", Title: "Masts, and sails", Text: "of: what is oak: x & y. See this, all and the kit. func main() { /* <b> */ }"},
	}
	for i, s := range c.Sections {
		if s != want[i] {
			t.Errorf("section %d is %+v, want %+v", i, s, want[i])
		}
	}
	for _, part := range []string{
		`<h2 id="masts-and-sails">`, `href="/guide/a#masts-and-sails"`, `href="/guide"`, `href="https://github.com/seawaykit/seaway/blob/main/README.md#x"`,
		`<span class="keyword">func</span>`, `<span class="comment">/* &lt;b&gt; */</span>`, `<pre tabindex="0">`, `<td>oak</td>`, `<td data-of="what is">x &amp; y</td>`,
	} {
		if !strings.Contains(c.HTML, part) {
			t.Errorf("%s is not in\n%s", part, c.HTML)
		}
	}
	if strings.Contains(c.HTML, "<h1") {
		t.Error("the title is in the HTML as well")
	}
}

func TestBookWithAFaultIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		"# A\n\n[x](b.md)":             "b.md is not there",
		"# A\n\n[x](a.md#none)":        "no section of that name",
		"## A":                         "does not begin with a title",
		"# A\n\n```\ncode\n```":        "names no language",
		"# A\n\n- [again](a.md) twice": "",
	} {
		_, err := render(files(map[string]string{"a.md": text}))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	unlisted := files(map[string]string{"a.md": "# A"})
	unlisted["b.md"] = &fstest.MapFile{Data: []byte("# B")}
	if _, err := render(unlisted); err == nil || !strings.Contains(err.Error(), "lists 1 chapters") {
		t.Errorf("a chapter that is not listed: %v", err)
	}
	if _, err := render(fstest.MapFS{}); err == nil {
		t.Error("a guide without contents is rendered")
	}
}

// The chapters are long enough to be of use, short enough to be read, and in lines that
// an editor shows.
func TestBookOfTheKitIsReadable(t *testing.T) {
	b, err := render(os.DirFS("../../web/guide"))
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Chapters) < 12 {
		t.Errorf("there are %d chapters", len(b.Chapters))
	}
	code := regexp.MustCompile("(?ms)^```.*?^```\n")
	for _, c := range b.Chapters {
		text, err := os.ReadFile(filepath.Join("../../web/guide", c.Slug+".md"))
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(text), "\n"); n < 100 || n > 250 {
			t.Errorf("%s has %d lines", c.Slug, n)
		}
		for line := range strings.Lines(code.ReplaceAllString(string(text), "")) {
			if len(line) > 135 && !strings.HasPrefix(line, "|") {
				t.Errorf("%s has a line of %d bytes: %.60s", c.Slug, len(line), line)
			}
		}
		for _, s := range c.Sections {
			if s.Text == "" {
				t.Errorf("%s has nothing below %q", c.Slug, s.Title)
			}
		}
		if c.Summary == "" {
			t.Errorf("%s does not say first what it is about", c.Slug)
		}
	}
}
