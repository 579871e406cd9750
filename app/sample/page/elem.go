package page

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
)

// el returns an element. go-app has a type for each tag, and a program that makes
// one element of a type contains all its methods: with some 35 types these pages
// were 0.46 MB larger, of 7.4. All elements by el are of one type.
func el(tag string) app.HTMLElem { return app.Elem(tag) }

// link returns a link to a page of ours, which may be the current one.
func link(path string, current bool) app.HTMLElem {
	a := el("a").Attr("href", goapp.Attr(path))
	if current {
		a = a.Aria("current", "page")
	}
	return a
}

// button returns a quiet button. Its scope identifies what it does, since go-app compares
// functions by their code.
func button(text string, scope app.EventOption, do func()) app.HTMLElem {
	return el("button").Attr("type", "button").Class("quiet").Text(text).
		OnClick(func(app.Context, app.Event) { do() }, scope)
}
