package live

import "github.com/seawaykit/seaway/app/goapp"

// userElementID is the id of the element that has the user.
const userElementID = "seaway-page-user"

// A User is what a page may know of who looks at it, of a type that both halves share.
// The zero User is ready:
//
//	// page, compiled into both halves
//	var Me live.User[account.Me]
//
//	"/diary": func(r live.Request) app.Composer { return &diary{me: Me.Of(r)} },
//
//	// server
//	site.User = page.Me.From(func(r *http.Request) (account.Me, error) {
//		return account.Me{Name: live.Identity(r.Context())}, nil
//	})
//
// V travels in the HTML as JSON: the user, and whoever uses the same browser before the
// user has signed out, can read all of it.
type User[V any] struct{}

// Of returns the user, and makes the page a private one: it is drawn for each request,
// with Cache-Control: private, no-store. In the browser it is the one of the page that was
// loaded; a user who goes from a page that is the same for everyone to a private one loads
// that anew. It is the zero V without [Site].User.
func (User[V]) Of(v Request) (user V) {
	if v.user != nil {
		v.user(&user)
	}
	return user
}

// carriedUser decodes the user of the page that the browser has loaded, and reports
// whether it has one.
func carriedUser(v any) bool { return goapp.Carried(userElementID, v) }
