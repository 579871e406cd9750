// Command pack compresses the built page once, so that a server never has to:
// beside app.wasm it writes app.wasm.br, app.wasm.gz and the stamp that says
// which app.wasm they were made from, and prints the three sizes.
//
//	go run ./web/pack [-quality 0..11] [-max-brotli BYTES] [FILE]
//
// FILE is web/build/app.wasm by default. Brotli's best quality, 11, takes about
// 20 s for 7 MB and saves a seventh over quality 5, which takes 0.3 s. Files
// packed from the same wasm, at this quality or a better one, are left alone.
//
// The exit status is 1 if something failed or if the brotli form is larger than
// the budget, and 2 for wrong arguments.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/andybalholm/brotli"
)

func main() {
	err := run(os.Args[1:], os.Stdout, os.Stderr)
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
	case errors.Is(err, errUsage):
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, "pack:", err)
		os.Exit(1)
	}
}

// errUsage says that the arguments were wrong; what was wrong is printed
// already.
var errUsage = errors.New("wrong arguments")

func run(args []string, out, errs io.Writer) error {
	flags := flag.NewFlagSet("pack", flag.ContinueOnError)
	flags.SetOutput(errs)
	quality := flags.Int("quality", brotli.BestCompression, "brotli `quality`, 0 to 11")
	budget := flags.Int64("max-brotli", 0, "fail if the brotli form has more than this many `bytes`; 0 is no limit")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return err
	} else if err != nil {
		return errUsage
	}
	if flags.NArg() > 1 || *quality < brotli.BestSpeed || *quality > brotli.BestCompression {
		flags.Usage()
		return errUsage
	}
	file := "web/build/app.wasm"
	if flags.NArg() == 1 {
		file = flags.Arg(0)
	}
	sizes, err := pack(file, *quality)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s: %d bytes, gzip %d, brotli %d (%s)\n", file, sizes.plain, sizes.gzip, sizes.brotli, sizes.how)
	if *budget > 0 && sizes.brotli > *budget {
		return fmt.Errorf("the page has outgrown its budget: %d bytes of brotli, %d over the %d allowed",
			sizes.brotli, sizes.brotli-*budget, *budget)
	}
	return nil
}
