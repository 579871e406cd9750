// Command chaos kills, stops and restarts bin/seaway at random while posters
// post and readers read, and checks that no acknowledged post was lost,
// repeated or moved by it.
//
// # What it does
//
// One server runs on a data directory of its own, on a loopback address. A
// schedule drawn from -seed kills it (SIGKILL), ends it (SIGTERM) and starts it
// again, or stops it for a while (SIGSTOP, SIGCONT); some kills come during a
// stop and some during a start. Posters retry each post with one idempotency key
// until it is answered, and give a few up after the first try. Readers follow
// one or more rooms as an EventSource does: after each end of the stream they
// connect again with the last id as Last-Event-ID. They also cut their own
// connections and stop reading for a while.
//
// # What it checks
//
//   - Every reader gets every acknowledged post of its rooms exactly once, under
//     the id that was acknowledged, in ascending order of ids.
//   - A post that was given up arrives at most once, and nothing arrives that was
//     not posted.
//   - A post that was sent after another was acknowledged has a higher id.
//   - No reader is reset, and no request is refused for good.
//   - At the end the log, read from the beginning, holds for each reader's rooms
//     what that reader received.
//   - SIGTERM ends the server with status 0, and nothing else than this program
//     ends it.
//
// It ends by itself, prints its figures, and exits with status 1 if a check
// failed.
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
	posters int
	readers int
	length  time.Duration
	seed    uint64
}

func main() {
	var c config
	flag.StringVar(&c.seaway, "seaway", "bin/seaway", "the product's `program`")
	flag.IntVar(&c.posters, "posters", 8, "`how many` post at a time")
	flag.IntVar(&c.readers, "readers", 16, "`how many` read")
	flag.DurationVar(&c.length, "for", 5*time.Minute, "`how long` the server is killed and stopped")
	flag.Uint64Var(&c.seed, "seed", uint64(time.Now().UnixNano()), "the `number` from which the schedule is drawn")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// The last retries, the last deliveries and reading the log have limits that
	// add up to less than 6 minutes; without trouble they take seconds.
	ctx, cancel := context.WithTimeout(ctx, c.length+6*time.Minute)
	defer cancel()
	if err := run(ctx, c); err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", err)
		os.Exit(1)
	}
}
