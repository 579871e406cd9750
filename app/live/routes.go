package live

import (
	"net/url"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Routes are the pages of a program, by the pattern of their path. Both halves have the
// same: the server in [Site].Routes, the browser by [Routes.Run].
//
//	var Routes = live.Routes{
//		"/":             func(live.Request) app.Composer { return &home{} },
//		"/board/{name}": func(r live.Request) app.Composer { return &board{name: r.PathValue("name")} },
//		live.NotFound:   func(live.Request) app.Composer { return &lost{} },
//	}
//
// A pattern is a path in which a segment in braces stands for any one, and {name...} at the
// end for all that follow. Of several that match, the one with a literal segment before the
// others' braces is taken. A function that returns nil has no page at that path.
//
// A user who goes to another path gets a new component there. One whose type has OnUpdate,
// as [app.Updater], stays where the next page's is of the same type: its exported fields are
// set to the new one's, as go-app does, and OnUpdate and OnNav are called.
type Routes map[string]func(Request) app.Composer

// NotFound is the pattern of the page for paths without one. The server answers them with
// status 404. Without such a page the answer is a bare text.
const NotFound = ""

// A Request is what a page is drawn for, on the server and in the browser: the values in its
// path, and who looks at it, see [User].
type Request struct {
	path   string
	values map[string]string
	user   func(v any) // decodes the user into v
}

// Path returns the path of the page.
func (v Request) Path() string { return v.path }

// PathValue returns what stands in the path for a segment in braces, empty if the pattern
// has none of that name.
func (v Request) PathValue(name string) string { return v.values[name] }

// Run starts the program in the browser, at the page's address, and does not return. On the
// server it does nothing. Call it in the main of the page's program.
func (r Routes) Run() {
	if app.IsServer {
		return
	}
	here = newBrowserRoutes(r)
	here.prepare(app.Window().URL(), true)
	here.listen()
	app.RunWhenOnBrowser()
}

// Navigate goes to another page of the program, as a link to it does. go-app's own
// ctx.Navigate knows those pages only that a link has led to before.
func Navigate(ctx app.Context, address string) {
	u, err := url.Parse(inBrowser(address)) // go-app makes it absolute before the history has it
	if err != nil {
		app.Log(err)
		return
	}
	if here != nil {
		here.prepare(u, false)
	}
	ctx.NavigateTo(u)
}

// find returns the component at a path, with the pattern that has it.
func (r Routes) find(v Request) (c app.Composer, found bool) {
	if pattern, values, ok := match(r, v.path); ok {
		v.values = values
		if c = r[pattern](v); c != nil {
			return inPlace(v.path, c), true
		}
	}
	if lost := r[NotFound]; lost != nil {
		v.values = nil
		if c = lost(v); c != nil {
			return inPlace(v.path, c), false
		}
	}
	return nil, false
}
