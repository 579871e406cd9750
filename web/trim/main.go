// Command trim copies go-app for the page alone, without what only a server
// needs and what few pages use, so that the wasm holds no net/http and no crypto.
//
//	go run ./web/trim [-o DIR] [PACKAGE]
//
// PACKAGE is the page, ./app by default, and DIR is bin/goapp. The page is then
// built by
//
//	GOOS=js GOARCH=wasm go build -modfile DIR/page.mod PACKAGE
//
// go-app compiles its HTTP handler into every page, and with it net/http,
// crypto/tls and math/big: a quarter of the packed wasm, of which nothing ever
// runs in a browser. No build tag leaves it out, an overlay may not reach into
// the module cache, and a fork would have to be kept up. So trim copies the
// packages of go-app that the page is made of, as they are in the module cache,
// and leaves declarations out; cut.go lists them. DIR/page.mod and DIR/page.sum
// are the module's own go.mod and go.sum with go-app replaced by the copy. The
// replacement is a path below the module, so that equal sources give an equal
// page whatever the checkout is called.
//
// # What a page loses
//
//   - app.Handler and app.Icon, which serve pages and cannot be of use in one.
//   - app.LocalDir, app.PrefixedLocation and app.GitHubPages, which tell that
//     handler where files are. app.RemoteBucket stays.
//   - app.GenerateStaticWebsite, which panics in a browser anyway.
//   - app.RouteWithRegexp, and with it the package regexp, if the page does not
//     mention it. Such a page matches paths by name alone.
//   - AES, if the page mentions none of Context.Encrypt, Context.Decrypt and
//     State.PersistWithEncryption. Called all the same, they return an error.
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
// trim fails, in a sentence, if go-app has changed so that a declaration is not
// where it was, if the rest of go-app does not compile without it, if go-app
// imports all the same what it should be rid of, and if the page holds net/http
// through whatever imports. A page may import the rest for itself. Until that is
// mended the page can be built with go-app as it is, by make build TRIM=0.
//
// Files that are right already are not written, so a second run costs a
// fraction of a second, and builds after it find everything in Go's cache. There is no stamp
// to trust: a copy that was tampered with is put right.
//
// The exit status is 1 if something failed and 2 for wrong arguments.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	err := run(os.Args[1:], os.Stdout, os.Stderr)
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
	case errors.Is(err, errUsage):
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, "trim:", err)
		os.Exit(1)
	}
}

// errUsage says that the arguments were wrong; what was wrong is printed
// already.
var errUsage = errors.New("wrong arguments")

func run(args []string, out, errs io.Writer) error {
	flags := flag.NewFlagSet("trim", flag.ContinueOnError)
	flags.SetOutput(errs)
	dir := flags.String("o", "bin/goapp", "the `directory` of the copy, which must be in the page's module")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return err
	} else if err != nil {
		return errUsage
	}
	if flags.NArg() > 1 {
		flags.Usage()
		return errUsage
	}
	page := "./app"
	if flags.NArg() == 1 {
		page = flags.Arg(0)
	}
	said, err := trim(page, *dir)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, said)
	return nil
}
