//go:build !js

package page

import (
	"net/http"
	"slices"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/guard"
)

// Assets says where the files of the page are.
type Assets = guard.Assets

// Has reports whether there is a page at a path.
func Has(path string) bool { return slices.Contains(paths(), path) }

// Bound serves what h makes of pages within the limits of drawing them.
func Bound(h http.Handler) http.Handler { return guard.Bound(h, guard.Limits{}) }

// Handler serves the page's HTML, the scripts that start it and its manifest,
// behind what guards them from go-app. It does not serve files below /web/.
func Handler(assets Assets) http.Handler {
	return guard.Handler(guard.Options{
		Name:        "Seaway",
		Description: "Live pages in Go: messages, a dashboard, an inbox and a comparison, typed from the server to the screen.",
		Color:       "#0b1f2a",
		// The libraries' first: the pages' own have the last word.
		Styles: []string{"/web/livelist.css", "/web/inspect.css", "/web/app.css", "/web/messages.css", "/web/compare.css"},
		Icon: app.Icon{
			Default:  "/web/icon-192.png",
			Large:    "/web/icon-512.png",
			SVG:      "/web/icon.svg",
			Maskable: "/web/icon-maskable-512.png",
		},
		Assets: assets,
	})
}
