package page

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"
	"github.com/seawaykit/seaway/app/live"
)

// What can be wrong with a sign-in or a sign-up.
const (
	Wrong   = "wrong"
	Taken   = "taken"
	Unfit   = "unfit"
	TooMany = "too-many"
)

var sentences = map[string]string{
	Wrong:   "No such user, or a wrong password.",
	Taken:   "The name is taken.",
	Unfit:   "A name has a-z, 0-9, - and _, 32 at most; a password has 8 letters at least.",
	TooMany: "Too many tries: wait a minute.",
}

// SignInPath is where a browser goes that has posted the form.
func SignInPath(wrong string) string {
	if wrong == "" {
		return "/"
	}
	return "/sign-in/" + wrong
}

// signIn has the form for strangers. The browser posts it, also without the program.
type signIn struct {
	app.Compo
	wrong string
	page  *live.Page // has no stream, and keeps what is typed while the program loads
}

func (s *signIn) OnInit()                 { s.page = live.New(live.Options{}) }
func (s *signIn) OnMount(ctx app.Context) { s.page.Mount(ctx) }
func (s *signIn) OnDismount()             { s.page.Close() }

func (s *signIn) Render() app.UI {
	return app.Main().Class("seaway-page").Body(
		app.H1().Text("Notes"),
		app.Form().ID("sign-in").Method("post").Action("/sign-in").Body(
			app.Input().ID("name").Name("name").Placeholder("Name").Aria("label", "Name").Required(true).Attr("autocomplete", "username").Attr("autocapitalize", "none"),
			app.Input().ID("password").Name("password").Type("password").Placeholder("Password").Aria("label", "Password").Required(true).Attr("autocomplete", "current-password"),
			app.Button().Text("Sign in"),
			app.Button().Attr("formaction", "/sign-up").Text("Sign up"),
			app.P().ID("failure").Role("alert").Text(sentences[s.wrong]),
		),
	)
}
