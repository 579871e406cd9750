//go:build !js

package guard_test

import (
	"fmt"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/guard"
)

// What the server draws a page from is carried to the browser, whatever is in it.
func ExampleCarry() {
	fmt.Println(app.HTMLString(guard.Carry("snapshot", []string{"</script>"})))
	// Output: <script type="application/json" id="snapshot">["\u003c/script\u003e"]</script>
}
