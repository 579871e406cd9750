// Package trim copies go-app without what only servers and few pages need, so that
// the page's wasm contains no net/http and no crypto.
//
//	done, err := trim.Page(ctx, "./app", "bin/goapp")
//	// GOOS=js GOARCH=wasm go build -modfile bin/goapp/page.mod ./app
//
// go-app compiles its HTTP handler into every page, and with it net/http,
// crypto/tls and math/big: a quarter of the packed wasm, of which nothing ever
// runs in a browser. No build tag leaves it out, an overlay may not reach into the
// module cache, and a fork would have to be kept up. So trim copies the packages
// of go-app that the page is made of, as they are in the module cache, and leaves
// declarations out; cut.go lists them. DIR/page.mod and DIR/page.sum are the
// module's own go.mod and go.sum with go-app replaced by the copy. The replacement
// is a path below the module, so that equal sources give an equal page whatever
// the checkout is called.
//
// # What a page loses
//
//   - app.Handler and app.Icon, which serve pages and are of no use in one.
//   - app.LocalDir, app.PrefixedLocation and app.GitHubPages, which configure that
//     handler. app.RemoteBucket stays.
//   - app.GenerateStaticWebsite, which panics in a browser anyway.
//   - app.RouteWithRegexp, and with it the package regexp, if the page does not
//     mention it. Such a page matches paths by name alone.
//   - AES, if the page mentions none of Context.Encrypt, Context.Decrypt and
//     State.PersistWithEncryption. Called all the same, they return an error.
//   - The states of app.Context, if the page mentions none of GetState, SetState,
//     ObserveState and DelState. Called all the same, they log an error and do
//     nothing. Values that an earlier build has left in the browser's storage with
//     an end stay there.
//   - google/uuid, with MD5, SHA-1, math/big and database/sql/driver. What makes
//     identifiers in its place takes them from the same source, the browser's
//     crypto.getRandomValues: they are as hard to guess as before.
//
// Nothing else behaves in another way than it does untrimmed. Code that mentions
// one of these belongs into a file that is not built for js: there it does not
// compile. The server is built with all of go-app.
//
// # What is checked
//
// Before anything is copied, the module is compared with go.sum, as go mod verify
// does it, since what is copied is not looked at by the go command again. A go-app
// that a replace directive takes from a local directory has no sum.
//
// trim fails, in a sentence, if go-app is not what go.sum says, if it has changed so that a declaration is not
// where it was, if the rest of go-app does not compile without it, if go-app
// imports all the same what it should be rid of, and if the page holds net/http
// through whatever imports. A page may import the rest for itself. Until that is
// mended the page can be built with go-app as it is, by web/page -trim=false.
//
// Files that are right already are not written, so a second run costs a
// fraction of a second, and builds after it find everything in Go's cache. There is no stamp
// to trust: a copy that was tampered with is put right.
package trim
