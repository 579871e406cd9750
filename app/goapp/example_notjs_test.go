//go:build !js

package goapp_test

import (
	"fmt"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
)

// The server carries the data of a page to the browser. No data can end the
// element.
func ExampleCarry() {
	fmt.Println(app.HTMLString(goapp.Carry("snapshot", []string{"</script>"})))
	// Output: <script type="application/json" id="snapshot">["\u003c/script\u003e"]</script>
}
