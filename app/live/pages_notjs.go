//go:build !js

package live

import (
	"net/http"
	"sync"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// pages are those of one [Handler].
type pages struct {
	drawer http.Handler // draws by go-app
	loader *loader
	routes Routes
	user   UserFunc
}

// registerOnce makes go-app ask for each page here. It has one set of routes for the whole
// process: the page is the one that the drawing on the same goroutine has found.
var registerOnce = sync.OnceFunc(func() {
	app.RouteWithRegexp("", func() app.Composer { return drawingHere().found })
})
