//go:build !js

package live

import (
	_ "embed"

	"github.com/seawaykit/seaway/app/goapp"
)

// The scripts, in the order in which they run.
var (
	//go:embed prefix.js
	prefixScript string
	//go:embed signout.js
	signOutScript string
	//go:embed kept.js
	keptScript string
	//go:embed forms.js
	formsScript string
	//go:embed start.js
	startScript string
)

func init() { goapp.Script("live", prefixScript+signOutScript+keptScript+formsScript+startScript) }
