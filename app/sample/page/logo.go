package page

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// logo draws the sample's logo. It is part of the page: a file would be missing from a
// page that the service worker serves while there is no network.
func logo() app.UI {
	return svg("svg").Aria("hidden", ariaBool(true)).Attr("viewBox", "0 0 512 512").Body(
		svg("rect").Attr("width", 512).Attr("height", 512).Attr("rx", 96),
		svg("path").Attr("d", "M96 192q53-64 107 0t106 0 107 0"),
		svg("path").Attr("d", "M96 272q53-64 107 0t106 0 107 0"),
		svg("path").Attr("d", "M96 352q53-64 107 0t106 0 107 0"),
	)
}
