package page

import "github.com/seawaykit/seaway/app/attr"

// truth writes a state of ARIA. As a bool, go-app would leave it out of the HTML:
// for HTML's own attributes that means true, for ARIA's nothing.
func truth(v bool) string {
	if v {
		return attr.Value("true")
	}
	return "false"
}
