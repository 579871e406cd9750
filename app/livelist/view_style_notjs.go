//go:build !js

package livelist

import (
	_ "embed"

	"github.com/seawaykit/seaway/app/goapp"
)

//go:embed livelist.css
var style string

func init() { goapp.Style("livelist", style) }
