package page

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// truth writes a state of ARIA. Pre-rendering, go-app leaves the value of an
// attribute out if it is true, as HTML's own attributes want it; ARIA's would then
// mean nothing. The reference is not recognised, and a browser reads the word.
func truth(v bool) string {
	switch {
	case !v:
		return "false"
	case app.IsServer:
		return "&#116;rue"
	}
	return "true"
}
