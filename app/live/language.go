package live

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
)

// A Language is one that pages are drawn in: see [Site].Languages.
type Language struct {
	Tag   string // by BCP 47, as in "en" or "zh-CN"
	Name  string // in the language itself
	Words *Words // of this package; default [English]
}

// PageLanguage returns the tag of the language in which the page is drawn: on the server
// what its request asks for, in the browser what the HTML is in. Elsewhere, as in a
// command, it is empty.
func PageLanguage() string { return pageLanguage() }

// LanguagePath is where a form goes that chooses the language of a browser's pages: its
// field language has the tag, and back the path of the page to go to. The choice is kept
// in a cookie, for a year. It is asked for by GET, since it changes nothing on the server.
const LanguagePath = "/language"

// The form's fields.
const (
	languageField = "language"
	backField     = "back"
)

// LanguageSwitch draws a form with a button for each language but the page's own. It needs
// no script: the server sends the page at the path in the other language. The languages
// are those of the program's [Site].
func LanguageSwitch(w *Words, languages []Language, path string) app.UI {
	at := PageLanguage()
	fields := []app.UI{app.Elem("input").Attr("type", "hidden").Attr("name", backField).Attr("value", goapp.Attr(path))}
	for _, l := range languages {
		if l.Tag != at {
			fields = append(fields, app.Elem("button").Attr("name", languageField).Attr("value", l.Tag).Attr("lang", l.Tag).Text(l.Name))
		}
	}
	return app.Elem("form").ID("language").Class("seaway-language").Attr("action", LanguagePath).
		Aria("label", goapp.Attr(w.Language)).Body(fields...)
}
