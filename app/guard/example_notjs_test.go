//go:build !js

package guard_test

import (
	"fmt"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/guard"
)

// A component that shows what people wrote: as text it needs nothing, as an
// attribute it goes through Attr, and what it was drawn from is carried along.
func Example() {
	author := `Ann" onclick="alert(1)`
	fmt.Println(app.HTMLString(app.Span().Title(guard.Attr(author)).Text(`<b>Ann</b>`)))
	fmt.Println(app.HTMLString(guard.Carry("snapshot", []string{"</script>"})))
	// Output:
	// <span title="Ann&#34; onclick=&#34;alert(1)">&lt;b&gt;Ann&lt;/b&gt;</span>
	// <script type="application/json" id="snapshot">["\u003c/script\u003e"]</script>
}
