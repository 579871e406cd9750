package main

import (
	"fmt"
	"path"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

	"github.com/seawaykit/seaway/server/sample/guide"
)

// repository is where links out of the guide lead to.
const repository = "https://github.com/seawaykit/seaway/blob/main/"

// resolve gives the links of a file the addresses that they have on the site. It returns
// the chapters that are linked from lists.
func resolve(root ast.Node, name string, files map[string][]byte) (listed []string, err error) {
	err = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		link, ok := n.(*ast.Link)
		if !ok || !entering {
			return ast.WalkContinue, nil
		}
		target := string(link.Destination)
		if file, _, _ := strings.Cut(target, "#"); files[file] != nil && file != contents && inList(link) {
			listed = append(listed, file)
		}
		href, err := address(target, name, files)
		link.Destination = []byte(href)
		return ast.WalkContinue, err
	})
	return listed, err
}

func inList(n ast.Node) bool {
	for ; n != nil; n = n.Parent() {
		if n.Kind() == ast.KindListItem {
			return true
		}
	}
	return false
}

// address returns the address on the site for a link in a file.
func address(target, name string, files map[string][]byte) (string, error) {
	file, section, _ := strings.Cut(target, "#")
	switch {
	case strings.Contains(target, "://"):
		return target, nil
	case file == "":
		file = name
	}
	if strings.HasPrefix(file, "../../") {
		return repository + path.Clean(strings.TrimPrefix(target, "../../")), nil
	}
	source, ok := files[file]
	if !ok {
		return "", fmt.Errorf("%s: %s is not there", name, target)
	}
	href := guide.Path
	if file != contents {
		href += "/" + strings.TrimSuffix(file, ".md")
	}
	if section == "" {
		return href, nil
	}
	if !hasSection(source, section) {
		return "", fmt.Errorf("%s: %s has no section of that name", name, target)
	}
	return href + "#" + section, nil
}

// hasSection reports whether a file has a heading with an id.
func hasSection(source []byte, id string) bool {
	root := markdown.Parser().Parse(text.NewReader(source), parserContext())
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok {
			if got, _ := h.AttributeString("id"); string(got.([]byte)) == id {
				return true
			}
		}
	}
	return false
}
