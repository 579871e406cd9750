//go:build !js

package page

import (
	"net/http"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/live"
)

// Handler serves the pages' HTML, the scripts that start them and the manifest. It
// does not serve files below /web/.
func Handler(host live.Host) http.Handler {
	return live.Handler(host, live.Site{
		Name:        "Seaway",
		Description: "Server-Sent Events in Go, live: the server’s time as a list, messages, boards, a dashboard, an inbox and a comparison, typed from the server to the screen.",
		Color:       "#0b1f2a",
		NotFound:    missingPath,
		Styles:      []string{"/web/app.css", "/web/front.css", "/web/messages.css", "/web/board.css", "/web/compare.css"},
		Icon: app.Icon{
			Default:  "/web/icon-192.png",
			Large:    "/web/icon-512.png",
			SVG:      "/web/icon.svg",
			Maskable: "/web/icon-maskable-512.png",
		},
	})
}
