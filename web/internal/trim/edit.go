package trim

import (
	"cmp"
	"go/ast"
	"go/format"
	"go/token"
	"slices"
)

// edits are changes of a Go file's text. The text is edited and not the syntax
// tree, since printing a tree would keep the comments of removed code.
type edits struct {
	file *token.File
	text []byte
	list []edit
}

type edit struct {
	from, to int
	text     string
}

// remove removes a declaration or an import, with its comments.
func (e *edits) remove(n ast.Node) {
	from, to := n.Pos(), n.End()
	switch n := n.(type) {
	case *ast.FuncDecl:
		from = first(n.Doc, from)
	case *ast.GenDecl:
		from = first(n.Doc, from)
	case *ast.ImportSpec:
		from = first(n.Doc, from)
		if n.Comment != nil {
			to = n.Comment.End()
		}
	}
	e.list = append(e.list, edit{e.file.Offset(from), e.file.Offset(to), ""})
}

func first(doc *ast.CommentGroup, decl token.Pos) token.Pos {
	if doc == nil {
		return decl
	}
	return doc.Pos()
}

func (e *edits) replace(n ast.Node, text string) {
	e.list = append(e.list, edit{e.file.Offset(n.Pos()), e.file.Offset(n.End()), text})
}

// done returns the edited text. An edit inside another one is dropped.
func (e *edits) done() ([]byte, error) {
	slices.SortFunc(e.list, func(a, b edit) int { return cmp.Or(a.from-b.from, b.to-a.to) })
	var out []byte
	at := 0
	for _, change := range e.list {
		if change.from < at {
			continue
		}
		out = append(out, e.text[at:change.from]...)
		out = append(out, change.text...)
		at = change.to
	}
	return format.Source(append(out, e.text[at:]...))
}
