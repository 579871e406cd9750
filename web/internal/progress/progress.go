// Package progress prints the progress of work that may take minutes.
//
//	err := progress.Of(os.Stdout, "compile ./app", func() error { return compile(ctx) })
//
// # Promises
//
//   - The work is printed when it begins, and its duration so far every
//     [Interval], until it ends: a terminal is never silent for ten seconds.
//   - When Of or Watch's stop returns, nothing more is printed.
package progress

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// Interval is half of the silence after which users take a program for hung.
const Interval = 5 * time.Second

// Of prints what is done, does the work, and prints the time it has taken so far
// every [Interval].
func Of(out io.Writer, what string, work func() error) error {
	fmt.Fprintln(out, what)
	stop := Watch(out, what)
	defer stop()
	return work()
}

// Watch prints how long work has taken so far, every [Interval], until stop, which
// waits for the goroutine.
func Watch(out io.Writer, what string) (stop func()) {
	began, done := time.Now(), make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		every := time.NewTicker(Interval)
		defer every.Stop()
		for {
			select {
			case <-done:
				return
			case <-every.C:
				fmt.Fprintf(out, "%s: %v so far\n", what, time.Since(began).Round(time.Second))
			}
		}
	})
	return sync.OnceFunc(func() {
		close(done)
		watching.Wait()
	})
}
