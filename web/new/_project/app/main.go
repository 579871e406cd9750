// Command app is the page's program in the browser, built for GOOS=js GOARCH=wasm.
package main

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"example.com/me/app/app/page"
)

func main() { page.Routes(); app.RunWhenOnBrowser() }
