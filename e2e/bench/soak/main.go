// Command soak lets thousands of streams come, go, stall and resume at random on
// bin/seaway while events are published, and then asks two questions: has every
// one of them received every event from its first to its last, once and in
// order; and does the server hold what it held before?
//
// It ends by itself, with status 1 if the answer to either is no.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// A config is what the program was asked to do.
type config struct {
	seaway  string
	streams int
	rate    float64
	length  time.Duration
	seed    uint64
}

func main() {
	var c config
	flag.StringVar(&c.seaway, "seaway", "bin/seaway", "the product's `program`")
	flag.IntVar(&c.streams, "streams", 2000, "`how many` streams at a time")
	flag.Float64Var(&c.rate, "rate", 50, "events a `second`")
	flag.DurationVar(&c.length, "for", 10*time.Minute, "`how long` they come and go")
	flag.Uint64Var(&c.seed, "seed", uint64(time.Now().UnixNano()), "the `number` from which chance is drawn")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// Warming up, catching up and settling take less than 3 minutes.
	ctx, cancel := context.WithTimeout(ctx, c.length+4*time.Minute)
	defer cancel()
	if err := run(ctx, c); err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}
