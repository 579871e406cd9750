// Command new makes a project: a module of its own with the kit as a dependency,
// and in it one contract, one page and one server, that build, run and pass their
// tests.
//
//	go run ./web/new NAME DIR
//
// NAME is the module's path, as example.com/me/app, and DIR the directory to
// make, which must not exist or be empty, and not be in the kit's own checkout.
// The command is run in the checkout, which the project uses by a replace
// directive until there is a release. It needs no network where the kit has been
// built before.
//
// All of the project is there when the command has succeeded, and nothing of it
// when it has failed: it is put together beside DIR and renamed at the end.
//
// What is wrong is one line on stderr, with exit status 2 for wrong arguments and
// 1 for the rest.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// errUsage says that the arguments were wrong.
var errUsage = errors.New("usage: go run ./web/new NAME DIR, as in example.com/me/app ../app")

func run(args []string, out, errs io.Writer) int {
	err := errUsage
	if len(args) == 2 && args[0] != "" && args[1] != "" {
		err = create(args[0], args[1])
	}
	switch {
	case err == nil:
		fmt.Fprintf(out, "%s is in %s. Go on with\n\n\tcd %s\n\tmake dev\n", args[0], args[1], args[1])
		return 0
	case errors.Is(err, errUsage):
		fmt.Fprintln(errs, "new:", err)
		return 2
	default:
		fmt.Fprintln(errs, "new:", err)
		return 1
	}
}
