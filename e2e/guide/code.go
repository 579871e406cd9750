package main

import (
	"fmt"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

// aliases are languages of blocks under other names than chroma's. What chroma does not
// know is not highlighted.
var aliases = map[string]string{"caddy": "caddyfile", "apache": "apacheconf", "vcl": "c", "sh": "bash"}

// A codeRenderer draws blocks of code. The spans of chroma's own formatter, one for each
// token and each line, would be three times the text.
type codeRenderer struct{}

// RegisterFuncs implements [renderer.NodeRenderer].
func (c codeRenderer) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindFencedCodeBlock, c.draw)
}

func (codeRenderer) draw(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	block := n.(*ast.FencedCodeBlock)
	lang := string(block.Language(source))
	if lang == "" {
		return ast.WalkStop, fmt.Errorf("a block of code names no language: %.60s", block.Lines().Value(source))
	}
	tokens, err := lexer(lang).Tokenise(nil, string(block.Lines().Value(source)))
	if err != nil {
		return ast.WalkStop, err
	}
	// What is wider than a phone is scrolled, by the keyboard too.
	_, _ = w.WriteString(`<pre tabindex="0"><code>`)
	for _, token := range tokens.Tokens() {
		text := util.EscapeHTML([]byte(token.Value))
		if class := class(token.Type); class != "" {
			_, _ = fmt.Fprintf(w, `<span class="%s">%s</span>`, class, text)
		} else {
			_, _ = w.Write(text)
		}
	}
	_, err = w.WriteString("</code></pre>\n") // the writer keeps its first error
	return ast.WalkSkipChildren, err
}

func lexer(lang string) chroma.Lexer {
	if alias, ok := aliases[lang]; ok {
		lang = alias
	}
	if l := lexers.Get(lang); l != nil {
		return chroma.Coalesce(l)
	}
	return lexers.Fallback
}

// class returns the class of a token, which the sample's style sheet colours, light and
// dark; empty for one that has the colour of the text.
func class(t chroma.TokenType) string {
	switch {
	case t.InCategory(chroma.Comment):
		return "comment"
	case t.InSubCategory(chroma.String):
		return "string"
	case t.InCategory(chroma.Keyword), t == chroma.NameTag:
		return "keyword"
	case t == chroma.NameFunction, t == chroma.NameAttribute:
		return "name"
	}
	return ""
}
