package page

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// el makes an element. go-app has a type for each tag, with some 60 methods that
// a program holds as soon as it makes one of them: the pages would be a fifth
// larger. All that el makes are of one type.
func el(tag string) app.HTMLElem { return app.Elem(tag) }
