//go:build !js

package live

import (
	_ "embed"

	"github.com/seawaykit/seaway/app/goapp"
)

//go:embed live.css
var style string

func init() { goapp.Style("live", style) }
