// Command new creates a project: a module with the kit as a dependency, that
// builds, runs and passes its tests.
//
//	go run github.com/seawaykit/seaway/web/new@latest [-plain | -signin] NAME DIR
//
// NAME is the module's path, as example.com/me/app, and DIR the directory to
// create, which must not exist or be empty. The project has one contract, one page
// and one server, all in Go. With -signin it has users besides, who sign up and in with a
// password, and see notes of their own. With -plain it has no wasm: one Go file, and one HTML
// page with the browser's own EventSource.
//
// The project requires the same version of the kit as the command, and the
// requirements of the kit that it is linked with, at the versions that the kit is
// tested with. The go command gets them from its module proxy, or its cache. In a
// checkout of the kit, as go run ./web/new, the project uses that checkout, by a
// replace directive; DIR must not be in it then.
//
// The command creates the whole project or, if it fails, nothing: it writes to a
// temporary directory beside DIR and renames that at the end.
//
// An error is one line on stderr, with exit status 2 for wrong arguments and 1 for
// other errors.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// errUsage is the error for wrong arguments.
var errUsage = errors.New("usage: new [-plain | -signin] NAME DIR, as in example.com/me/app ../app")

func run(ctx context.Context, args []string, out, errs io.Writer) int {
	kind, name, dir, err := parse(args)
	if err == nil {
		err = create(ctx, kind, name, dir)
	}
	if err != nil {
		fmt.Fprintln(errs, "new:", err)
	}
	switch {
	case errors.Is(err, errUsage):
		return 2
	case err != nil:
		return 1
	}
	fmt.Fprintf(out, "%s is in %s. Go on with\n\n\tcd %s\n\t%s\n", name, dir, dir, kind.next)
	return 0
}

func parse(args []string) (k kind, name, dir string, err error) {
	flags := flag.NewFlagSet("new", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // errUsage is the one line
	plain, signIn := flags.Bool("plain", false, "without wasm"), flags.Bool("signin", false, "with users")
	if flags.Parse(args) != nil || *plain && *signIn || flags.NArg() != 2 || flags.Arg(0) == "" || flags.Arg(1) == "" {
		return kind{}, "", "", errUsage
	}
	k = withWasm
	switch {
	case *plain:
		k = withoutWasm
	case *signIn:
		k = withSignIn
	}
	return k, flags.Arg(0), flags.Arg(1), nil
}
