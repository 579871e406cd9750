//go:build !js

package live

import (
	"net/http"

	"github.com/seawaykit/seaway/app/goapp"
)

// A UserFunc returns the user of a request: see [User.From].
type UserFunc func(*http.Request) (any, error)

// From returns what a [Site] needs. fn returns what a page may know of a request's user. An
// error is what the request is answered with in the place of the page, best a
// [*fault.Error].
func (User[V]) From(fn func(*http.Request) (V, error)) UserFunc {
	return func(r *http.Request) (any, error) { return fn(r) }
}

// userElement carries a user to the browser, in the head of the page: go-app replaces
// the body.
func userElement(user any) string {
	return `<script type="application/json" id="` + userElementID + `">` + string(goapp.Pack(user)) + `</script>`
}
