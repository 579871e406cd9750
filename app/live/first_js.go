package live

import "github.com/seawaykit/seaway/app/goapp"

// load returns the events and states that the server has carried in the page.
func load(request) (f first) {
	goapp.Carried(firstID, &f)
	return f
}
