//go:build !js

package live

import (
	"net/http"

	"github.com/seawaykit/seaway/app/goapp"
)

// A VisitorFunc returns the visitor of a request: see [Visitor.From].
type VisitorFunc func(*http.Request) (any, error)

// From returns what a [Site] needs. fn returns what a page may know of a request's user. An
// error is what the request is answered with in the place of the page, best a
// [*fault.Error].
func (Visitor[V]) From(fn func(*http.Request) (V, error)) VisitorFunc {
	return func(r *http.Request) (any, error) { return fn(r) }
}

// visitorElement carries a visitor to the browser, in the head of the page: go-app replaces
// the body.
func visitorElement(visitor any) string {
	return `<script type="application/json" id="` + visitorID + `">` + string(goapp.Pack(visitor)) + `</script>`
}
