// Command compare loads bin/seaway and small servers on other libraries, one
// after the other, with the same client, and prints what each took: one table,
// the same as JSON, and a chart of three of its columns.
//
// It measures one machine, on which client and server share the cores, so its
// figures are good for comparison and for nothing else. See README.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

// wholeTime ends a run in which something hangs.
const wholeTime = 25 * time.Minute

func main() {
	var b bench
	flag.StringVar(&b.programs.seaway, "seaway", "bin/seaway", "the product's `program`")
	flag.StringVar(&b.programs.rival, "rival", "bin/rival", "the rivals' `program`")
	flag.StringVar(&b.programs.fill, "fill", "bin/fill", "the `program` that fills a log")
	out := flag.String("out", "", "`directory` for latest.json and latest.svg (default none)")
	only := flag.String("server", "", "measure only servers whose name holds `text`")
	under := flag.String("workload", "", "measure only workloads whose name holds `text`")
	flag.StringVar(&b.probe, "probe", "", "take only the probes whose name holds `text`")
	flag.IntVar(&b.repeat, "repeat", 1, "put all servers through each workload `n` times, in turn; budgets take medians")
	flag.Parse()
	for _, c := range contenders {
		if strings.Contains(c.Name, *only) {
			b.contenders = append(b.contenders, c)
		}
	}
	for _, w := range workloads {
		if strings.Contains(w.Name, *under) {
			b.workloads = append(b.workloads, w)
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, wholeTime)
	defer cancel()
	if err := b.run(ctx, *out); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

// A bench is one run of everything.
type bench struct {
	programs   programs
	probe      string
	filled     *filled // nil until it is needed
	contenders []contender
	workloads  []workload
	repeat     int
}

// run measures, prints, and writes the files if there is a place for them.
func (b *bench) run(ctx context.Context, out string) error {
	r, err := b.newReport()
	if err != nil {
		return err
	}
	defer b.removeFilled()
	err = b.measure(ctx, r)
	if err == nil {
		err = b.takeProbes(ctx, r)
	}
	r.Budgets = r.judge()
	if err := errors.Join(err, r.writeTable(os.Stdout)); err != nil {
		return err // below what was measured before
	}
	if out == "" {
		return nil
	}
	return r.save(out)
}

// measure goes through workload by workload, so that servers that are compared
// run within a minute of each other: the machine is not the same all day.
func (b *bench) measure(ctx context.Context, r *report) error {
	for _, c := range b.contenders {
		for _, w := range unread {
			cost, err := b.publishingCost(ctx, c, w)
			if err != nil {
				return fmt.Errorf("%s, publishing: %w", c.Name, err)
			}
			r.Publishing = append(r.Publishing, publishing{c.Name, w.Rate, microseconds(cost)})
		}
	}
	for _, w := range b.workloads {
		for _, c := range slices.Concat(slices.Repeat([][]contender{b.contenders}, b.repeat)...) {
			if w.Storm && !c.resumes {
				continue
			}
			fmt.Fprintf(os.Stderr, "%s: %s\n", w.Name, c.Name)
			result, err := b.try(ctx, c, w, r.costOfEvent(c, w))
			if err != nil {
				return fmt.Errorf("%s, %s: %w", c.Name, w.Name, err)
			}
			r.Results = append(r.Results, result)
		}
	}
	return nil
}

// try runs one trial on a server of its own. What fails for the server's part
// is a result.
func (b *bench) try(ctx context.Context, c contender, w workload, perEvent time.Duration) (result, error) {
	server, stop, err := b.programs.start(c)
	if err != nil {
		return result{}, err
	}
	defer stop()
	t, err := newTrial(ctx, server, w)
	if err != nil {
		return result{}, err
	}
	defer t.close()
	t.perEvent = perEvent
	t.result.Server, t.result.Workload = c.Name, w.Name
	if err := t.run(ctx); err != nil {
		t.result.Trouble = err.Error()
	}
	return t.result, ctx.Err()
}

// publishingCost measures publishing by itself.
func (b *bench) publishingCost(ctx context.Context, c contender, w workload) (time.Duration, error) {
	server, stop, err := b.programs.start(c)
	if err != nil {
		return 0, err
	}
	defer stop()
	t, err := newTrial(ctx, server, w)
	if err != nil {
		return 0, err
	}
	defer t.close()
	return t.publishingCost(ctx)
}
