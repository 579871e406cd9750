package live

import "github.com/seawaykit/seaway/app/goapp"

// visitorID is the id of the element that has the visitor.
const visitorID = "seaway-visitor"

// A Visitor is what a page may know of who looks at it, of a type that both halves share.
// The zero Visitor is ready:
//
//	// page, compiled into both halves
//	var Me live.Visitor[account.Me]
//
//	"/diary": func(v live.Visit) app.Composer { return &diary{me: Me.Of(v)} },
//
//	// server
//	site.Visitor = page.Me.From(func(r *http.Request) (account.Me, error) {
//		return account.Me{Name: live.Identity(r.Context())}, nil
//	})
//
// V travels in the HTML as JSON: the user, and whoever uses the same browser before the
// user has signed out, can read all of it.
type Visitor[V any] struct{}

// Of returns the visitor, and makes the page a private one: it is drawn for each request,
// with Cache-Control: private, no-store. In the browser it is the one of the page that was
// loaded; a user who goes from a page that is the same for everyone to a private one loads
// that anew. It is the zero V without [Site].Visitor.
func (Visitor[V]) Of(v Visit) (visitor V) {
	if v.visitor != nil {
		v.visitor(&visitor)
	}
	return visitor
}

// carriedVisitor decodes the visitor of the page that the browser has loaded, and reports
// whether it has one.
func carriedVisitor(v any) bool { return goapp.Carried(visitorID, v) }
