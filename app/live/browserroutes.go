package live

import (
	"net/url"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// browserRoutes make a page's component when the user goes to it. go-app finds a route by
// the whole path, since patterns of its own would link package regexp: so each path is
// registered just before go-app looks for it.
type browserRoutes struct {
	routes     Routes
	registered map[string]bool
	address    string // where the user goes
}

// here are those of the browser's tab.
var here *browserRoutes

func newBrowserRoutes(r Routes) *browserRoutes {
	return &browserRoutes{routes: r, registered: map[string]bool{}}
}

// prepare registers the page of an address. first says that it is the one that the browser
// has loaded.
func (b *browserRoutes) prepare(to *url.URL, first bool) {
	b.address = inBrowser(to.String())
	path := belowPrefix(to.Path)
	if b.registered[path] {
		return
	}
	b.registered[path] = true
	app.Route(path, func() app.Composer {
		missing := false
		c, _ := b.routes.find(Request{path: path, user: func(v any) { missing = !carriedUser(v) && !first }})
		first = false
		switch {
		case missing: // the page that was loaded first is the same for everyone
			app.Window().Get("location").Set("href", b.address)
			return &nothing{}
		case c == nil:
			return &nothing{}
		}
		return c
	})
}

// nothing is drawn where there is no page, and while the browser loads another.
type nothing struct{ app.Compo }

// Render implements [app.Composer].
func (*nothing) Render() app.UI { return app.Elem("main") }

// listen prepares what the user is about to go to: by a link, or in the history. Its
// functions run before go-app's.
func (b *browserRoutes) listen() {
	on := func(event string, address func(e app.Value) string) {
		app.Window().Call("addEventListener", event, app.FuncOf(func(_ app.Value, args []app.Value) any {
			if u, err := url.Parse(address(args[0])); err == nil && u.Host == app.Window().URL().Host {
				b.prepare(u, false)
			}
			return nil
		}), true)
	}
	on("popstate", func(app.Value) string { return app.Window().URL().String() })
	on("click", func(e app.Value) string {
		if link := e.Get("target").Call("closest", "a[href]"); link.Truthy() {
			return link.Get("href").String()
		}
		return ""
	})
}
