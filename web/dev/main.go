// Command dev runs a project during development: on each save it builds page and
// server, restarts the server, and reloads the open pages. Compiler errors are
// shown in the pages.
//
//	go run github.com/seawaykit/seaway/web/dev [flags] [-- arguments of the server]
//
// It is run in the module's directory. The server must take its address by a flag
// -addr, as the sample's does and every project's that web/new makes.
//
// dev is a reverse proxy in front of the server, and passes everything on to it
// except for paths below /dev/ and /app-worker.js. It adds a script to every HTML
// document, which follows the kit's own stream at /dev/events: it has an event for
// each build that has succeeded or failed.
//
// # Promises
//
//   - A save is a change of a file below the module's directory, of its time or
//     its size, noticed within half a second. Left out are names that begin with
//     a dot or an underscore, tests, the directories of -skip, and the built page's.
//   - A build that fails changes nothing: the last server and the pages go on, and
//     a panel over them shows the compiler's errors. The next build that succeeds
//     removes it.
//   - The old server gets SIGTERM and ten seconds. The next one is started when it
//     has ended, so they may share a log. Requests in between wait, at most 15 s.
//   - A page reloads only if the program has changed. The text of its fields with
//     an id is restored.
//   - No service worker caches the page. An earlier build's worker on the same
//     address is removed with its caches, and the page is loaded once more.
//   - A build that takes long prints every five seconds that it is still running.
//   - Interrupt and SIGTERM end everything: a running build, the server, the
//     streams. dev waits for each.
//
// The page is built as web/page does it, but with go-app as it is, and not packed.
// That is a few hundred kilobytes more to fetch, over loopback, and seconds less
// to wait.
//
// The exit status is 0 after an interrupt, 2 for wrong arguments and 1 for other
// errors. Do not expose dev to the internet: it shows compiler errors to every
// client.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stderr))
}

// options are the program's arguments.
type options struct {
	addr   string
	page   string
	server string
	dir    string
	skip   []string
	args   []string // arguments of the server
}

func run(ctx context.Context, args []string, out io.Writer) int {
	opts, err := parse(args, out)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}
	if err := serve(ctx, opts, out); err != nil {
		fmt.Fprintln(out, "dev:", err)
		return 1
	}
	return 0
}

// parse parses the arguments, and prints what is wrong with them.
func parse(args []string, out io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("dev", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.StringVar(&o.addr, "addr", "localhost:8000", "`address` to visit")
	flags.StringVar(&o.page, "page", "./app", "`package` of the page")
	flags.StringVar(&o.server, "server", "./server", "`package` of the server")
	flags.StringVar(&o.dir, "o", "web/build", "`directory` that the server embeds the page from")
	skip := flags.String("skip", "bin,data", "`directories` in which nothing is a source, separated by commas")
	err := flags.Parse(args)
	o.skip, o.args = strings.Split(*skip, ","), flags.Args()
	return o, err
}
