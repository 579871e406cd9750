//go:build !js

package page

import (
	"net/http"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/live"
	"github.com/seawaykit/seaway/app/sample/words"
)

// Handler serves the pages' HTML, the scripts that start them and the manifest. It
// does not serve files below /web/.
func Handler(host live.Host) http.Handler {
	return live.Handler(host, live.Site{
		Name:        "Seaway",
		Description: words.English.Frame.Description,
		Languages:   words.Languages(),
		Color:       "#0b1f2a",
		Routes:      Routes,
		Styles:      []string{"/web/app.css", "/web/front.css", "/web/messages.css", "/web/board.css", "/web/compare.css"},
		Icon: app.Icon{
			Default:  "/web/icon-192.png",
			Large:    "/web/icon-512.png",
			SVG:      "/web/icon.svg",
			Maskable: "/web/icon-maskable-512.png",
		},
	})
}
