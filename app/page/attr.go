package page

import "github.com/seawaykit/seaway/app/guard"

// attr makes a text from people safe as an attribute's value.
func attr(s string) string { return guard.Attr(s) }
