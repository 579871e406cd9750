package page

import "github.com/seawaykit/seaway/app/goapp"

// ariaBool writes the value of an ARIA attribute. go-app would leave a bool out of
// the HTML: that means true for HTML's own attributes, and nothing for ARIA's.
func ariaBool(v bool) string {
	if v {
		return goapp.Attr("true")
	}
	return "false"
}
