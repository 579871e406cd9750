// Command conformance holds a server to WIRE.md, version 1.
//
//	go -C e2e run ./conformance http://localhost:8000
//
// It follows a topic over each transport, publishes by a command, reconnects, and asks
// for what must be refused. It prints a line for each rule and transport, and exits with
// 1 if one is broken. The defaults are for the sample; for another server name a topic
// that may be followed, and a command that publishes one event into it, with TEXT in the
// place of a text that is never the same, which nobody else publishes into meanwhile:
//
//	conformance -topic notes -command notes.write -body '{"text":"TEXT"}' URL
//
// A server that has no polls, or no sockets, is held to the rest with -transports.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

func main() {
	t := target{}
	flag.StringVar(&t.topic, "topic", "room.lobby", "`topic` that may be followed")
	flag.StringVar(&t.command, "command", "chat.post", "`command` that publishes one event into it")
	flag.StringVar(&t.body, "body", `{"room":"lobby","author":"conformance","text":"TEXT"}`, "`JSON` of its request")
	transports := flag.String("transports", "sse,poll,socket", "`transports` to test")
	flag.DurationVar(&t.limit, "limit", time.Minute, "how `long` one rule may take")
	flag.DurationVar(&t.slack, "slack", 0, "how much `longer` than WIRE.md says the server may take, on a busy machine")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: conformance [flags] URL")
		os.Exit(2)
	}
	t.url = strings.TrimSuffix(flag.Arg(0), "/")
	if broken := t.run(context.Background(), strings.Split(*transports, ","), os.Stdout); broken > 0 {
		fmt.Printf("%d rules are broken\n", broken)
		os.Exit(1)
	}
}

// run checks every rule and returns how many are broken.
func (t target) run(ctx context.Context, transports []string, out io.Writer) (broken int) {
	report := func(name string, err error) {
		if err == nil {
			fmt.Fprintf(out, "ok      %s\n", name)
			return
		}
		broken++
		fmt.Fprintf(out, "BROKEN  %s: %v\n", name, err)
	}
	for _, name := range transports {
		open := openers[name]
		if open == nil {
			report(name, fmt.Errorf("there is no such transport"))
			continue
		}
		for _, r := range streamRules {
			if r.only != "" && r.only != name {
				continue
			}
			report(name+": "+r.name, t.limited(ctx, func(ctx context.Context) error { return r.check(ctx, follower{t, open, name}) }))
		}
	}
	for _, r := range requestRules {
		report(r.name, t.limited(ctx, func(ctx context.Context) error { return r.check(ctx, t) }))
	}
	return broken
}

func (t target) limited(ctx context.Context, check func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, t.limit)
	defer cancel()
	return check(ctx)
}
