package live

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Path returns the path of the page in the browser, as [app.Route] has it: without the
// prefix of a site that is not at the root of its host. It is empty where a page is drawn
// on the server: there the component's context has it.
func Path() string { return belowPrefix(app.Window().URL().Path) }

// belowPrefix returns a path as routes have it.
func belowPrefix(path string) string {
	if below, ok := strings.CutPrefix(path, prefix()+"/"); ok {
		return "/" + below
	}
	return path
}
