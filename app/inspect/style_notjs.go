//go:build !js

package inspect

import (
	_ "embed"

	"github.com/seawaykit/seaway/app/goapp"
)

//go:embed inspect.css
var style string

func init() { goapp.Style("inspect", style) }
