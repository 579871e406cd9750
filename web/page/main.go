// Command page builds the wasm page that browsers run: it trims go-app, compiles
// the page, strips it and packs it, and prints each step.
//
//	go run github.com/seawaykit/seaway/web/page [flags] [PACKAGE]
//
// Run it in the page's module. PACKAGE is ./app by default. It writes app.wasm,
// app.wasm.br and app.wasm.gz to web/build, from where the server embeds them;
// files between the steps are kept in bin.
//
//	-quality 5           of brotli, 0 to 11. The best takes 15 s and saves a seventh over 5
//	-max-brotli 1050000  fail if the page, packed by brotli, has more bytes
//	-trim=false          build with go-app as it is, a third larger
//	-lines               keep what traces name files and lines by, a twelfth more
//	-o DIR               where the page goes, web/build
//	-work DIR            what lies between the steps, in the module: bin
//
// # What the steps do
//
//   - trim compares go-app in the module cache with go.sum, as go mod verify does,
//     and copies of it what a page needs: see package web/internal/trim for what
//     is left out, and why. Neither go.mod nor the cache is changed.
//   - compile is go build for the browser, without paths of this machine in it.
//   - write leaves out the tables by which a trace in the browser's console names
//     files and lines: package web/internal/strip.
//   - pack compresses the page by brotli and gzip: package web/internal/pack.
//
// The first build on a machine compiles Go's library for the browser, which takes
// minutes where processors are few; later ones take seconds. A step that takes long
// prints every five seconds that it is still running.
//
// The exit status is 0, 1 if a step failed or the page is larger than allowed, and 2
// for wrong arguments.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/seawaykit/seaway/web/internal/wasm"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

func run(ctx context.Context, args []string, out, errs io.Writer) int {
	options, err := parse(args, errs)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}
	fmt.Fprintln(out, "page: the first build on a machine takes minutes if it is small, later ones take seconds")
	if err := wasm.Build(ctx, options, out); err != nil {
		fmt.Fprintln(errs, "page:", err)
		return 1
	}
	return 0
}

// parse parses the arguments, and prints what is wrong with them.
func parse(args []string, errs io.Writer) (wasm.Options, error) {
	o := wasm.Options{Package: "./app"}
	flags := flag.NewFlagSet("page", flag.ContinueOnError)
	flags.SetOutput(errs)
	flags.IntVar(&o.Quality, "quality", 11, "of brotli, `0 to 11`")
	flags.Int64Var(&o.Budget, "max-brotli", 0, "fail if the page has more than this many `bytes` of brotli; 0 is no limit")
	flags.BoolVar(&o.Trim, "trim", true, "leave out of go-app what a page does not need")
	lines := flags.Bool("lines", false, "keep what traces name files and lines by")
	flags.StringVar(&o.Out, "o", "web/build", "`directory` of the page")
	flags.StringVar(&o.Work, "work", "bin", "`directory` of the module for what lies between the steps")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	o.Strip = !*lines
	if flags.NArg() == 1 {
		o.Package = flags.Arg(0)
	}
	if flags.NArg() > 1 || o.Quality < 0 || o.Quality > 11 {
		flags.Usage()
		return o, errors.New("wrong arguments")
	}
	return o, nil
}
