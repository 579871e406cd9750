package main

import (
	"fmt"
	"io/fs"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

	"github.com/seawaykit/seaway/server/sample/guide"
)

// contents is the file that lists the chapters.
const contents = "README.md"

// render renders all chapters of a directory.
func render(dir fs.FS) (b guide.Book, err error) {
	files, err := readAll(dir)
	if err != nil {
		return b, err
	}
	cover, listed, err := parse(contents, files)
	if err != nil {
		return b, err
	}
	b.Cover = cover
	b.Cover.Slug = ""
	for _, name := range listed {
		c, _, err := parse(name, files)
		if err != nil {
			return b, err
		}
		b.Chapters = append(b.Chapters, c)
	}
	if len(b.Chapters) != len(files)-1 {
		return b, fmt.Errorf("%s lists %d chapters, once each, and there are %d", contents, len(b.Chapters), len(files)-1)
	}
	return b, nil
}

// readAll returns the Markdown files by name.
func readAll(dir fs.FS) (map[string][]byte, error) {
	names, err := fs.Glob(dir, "*.md")
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, name := range names {
		if files[name], err = fs.ReadFile(dir, name); err != nil {
			return nil, err
		}
	}
	if files[contents] == nil {
		return nil, fmt.Errorf("there is no %s", contents)
	}
	return files, nil
}

// parse renders one file. It returns the chapters that its lists link to as well.
func parse(name string, files map[string][]byte) (c guide.Chapter, listed []string, err error) {
	source := files[name]
	root := markdown.Parser().Parse(text.NewReader(source), parserContext())
	title, ok := root.FirstChild().(*ast.Heading)
	if !ok || title.Level != 1 {
		return c, nil, fmt.Errorf("%s does not begin with a title", name)
	}
	c.Slug, c.Title = strings.TrimSuffix(name, ".md"), plain(title, source)
	if first, ok := title.NextSibling().(*ast.Paragraph); ok {
		c.Summary = plain(first, source)
	}
	root.RemoveChild(root, title)
	listed, err = resolve(root, name, files)
	if err != nil {
		return c, nil, err
	}
	label(root, source)
	c.Sections = sections(root, source, c.Title)
	var html strings.Builder
	err = markdown.Renderer().Render(&html, source, root)
	c.HTML = html.String()
	return c, listed, err
}

// sections returns the text below each heading.
func sections(root ast.Node, source []byte, title string) []guide.Section {
	list := []guide.Section{{Title: title}}
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok {
			id, _ := h.AttributeString("id")
			list = append(list, guide.Section{ID: string(id.([]byte)), Title: plain(h, source)})
			continue
		}
		s := &list[len(list)-1]
		s.Text = strings.TrimSpace(s.Text + " " + plain(n, source))
	}
	if list[0].Text == "" {
		return list[1:]
	}
	return list
}
