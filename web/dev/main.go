// Command dev serves a page to the one who writes it: it builds both halves on
// each save, replaces the server by the new one, and reloads the pages that are
// open. What does not compile is shown in them.
//
//	go run github.com/seawaykit/seaway/web/dev [flags] [-- arguments of the server]
//
// It is run in the module's directory. The server must take its address by a flag
// -addr, as the sample's does and every project's that web/new makes.
//
// dev stands in front of the server, on the address that the browser visits, and
// hands everything through to it but for three things below /dev/ and
// /app-worker.js. It writes one script into every HTML document, which follows
// the kit's own stream at /dev/events: an event for each build, that is there or
// that failed.
//
// # Promises
//
//   - A save is a change of a file below the module's directory, of its time or
//     its size, noticed within half a second. Left out are names that begin with
//     a dot or an underscore, tests, the directories of -skip, and the built page's.
//   - A build that fails changes nothing: the last good server goes on, the pages
//     go on, and a panel over them shows what the compiler said of both halves.
//     It goes with the next build that does not fail.
//   - A server that is replaced gets SIGTERM and ten seconds. The next one begins
//     when it has ended, so they may share a log. Requests that come in between
//     wait, at most 15 s.
//   - A page reloads only if what it was served by has changed. What was typed
//     into it and has an id is typed again.
//   - No service worker caches the page. One of an earlier build on the same
//     address is removed with its caches, and the page loaded once more.
//   - Interrupt and SIGTERM end everything: the build that is going on, the
//     server, the streams. dev waits for each.
//
// The page is built with go-app as it is, and not packed. That is a few hundred
// kilobytes more to fetch, over loopback, and seconds less to wait.
//
// The exit status is 0 after an interrupt, 2 for wrong arguments and 1 for the
// rest. dev is not for the public: it shows sources' errors to whoever asks.
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

// options are what the program was asked to do.
type options struct {
	addr   string
	page   string
	server string
	wasm   string
	skip   []string
	args   []string // the server's own
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

// parse prints what is wrong with the arguments.
func parse(args []string, out io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("dev", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.StringVar(&o.addr, "addr", "localhost:8000", "`address` to visit")
	flags.StringVar(&o.page, "page", "./app", "`package` of the page")
	flags.StringVar(&o.server, "server", "./server", "`package` of the server")
	flags.StringVar(&o.wasm, "wasm", "web/build/app.wasm", "`file` that the server embeds the page from")
	skip := flags.String("skip", "bin,data", "`directories` in which nothing is a source, separated by commas")
	err := flags.Parse(args)
	o.skip, o.args = strings.Split(*skip, ","), flags.Args()
	return o, err
}
