package page

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// el returns an element. go-app has a type for each tag, and a program that makes
// one element of a type contains all its methods: with some 35 types these pages
// were 0.46 MB larger, of 7.4. All elements by el are of one type.
func el(tag string) app.HTMLElem { return app.Elem(tag) }
