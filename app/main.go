// Command app is a sample: the page's entry point in the browser. It is built
// for GOOS=js GOARCH=wasm; elsewhere it does nothing.
package main

import (
	"github.com/seawaykit/seaway/app/sample/page"
	_ "github.com/seawaykit/seaway/shared/sample/schema" // what other builds may say
)

func main() {
	page.Routes.Run()
}
