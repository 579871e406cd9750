package page

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// el makes an element. go-app has a type for each tag, and a program that makes
// one element of a type holds all the methods of it: with some 35 of them these
// pages were 0.46 MB larger, of 7.4. All that el makes are of one type.
func el(tag string) app.HTMLElem { return app.Elem(tag) }
