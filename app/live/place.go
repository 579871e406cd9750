package live

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// A place holds the component of one path. go-app keeps a component whose type stays the
// same, and its OnInit is not called again: at another path it would go on with the page of
// the path before. A place has the path for its identity, so that go-app replaces it.
type place struct {
	app.Compo
	path string
	page app.Composer
}

// inPlace returns the component as it is if it can be kept.
func inPlace(path string, page app.Composer) app.Composer {
	if _, keeps := page.(app.Updater); keeps {
		return page
	}
	return &place{path: path, page: page}
}

// CompoID implements go-app's DismountEnforcer.
func (p *place) CompoID() string { return p.path }

// Render draws the component.
func (p *place) Render() app.UI { return p.page }
