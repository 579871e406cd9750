// Command fill makes a log of many messages in a directory, for measurements of a server
// that has it: half of the messages are in one room, the others in 31 rooms in turn. It
// prints the id of the message in the middle.
//
//	fill -events 1000000 DIR
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/seawaykit/seaway/server/eventlog/embedded"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/chat"
)

const (
	rooms   = 32
	writers = 64
)

func main() {
	events := flag.Int("events", 1_000_000, "how many")
	flag.Parse()
	if err := fill(context.Background(), flag.Arg(0), *events); err != nil {
		fmt.Fprintln(os.Stderr, "fill:", err)
		os.Exit(1)
	}
}

func fill(ctx context.Context, dir string, events int) error {
	log, err := embedded.Open(ctx, embedded.Options{Dir: dir, Sync: embedded.MinutesLostAtPowerCut})
	if err != nil {
		return err
	}
	defer log.Close()
	if err := publish(ctx, log, events/2); err != nil {
		return err
	}
	middle, err := publishOne(ctx, log, 0)
	if err != nil {
		return err
	}
	fmt.Println(middle)
	return publish(ctx, log, events/2-1)
}

// publish publishes n messages from several goroutines.
func publish(ctx context.Context, log event.Appender, n int) error {
	numbers := make(chan int, writers)
	failed := make(chan error, writers)
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for i := range numbers {
				if _, err := publishOne(ctx, log, i); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	for i := range n {
		select {
		case numbers <- i:
		case err := <-failed:
			return err
		}
	}
	close(numbers)
	wg.Wait()
	select {
	case err := <-failed:
		return err
	default:
		return nil
	}
}

func publishOne(ctx context.Context, log event.Appender, i int) (event.ID, error) {
	room := "r0"
	if i%2 == 1 {
		room = fmt.Sprint("r", 1+i/2%(rooms-1))
	}
	m := chat.Message{ID: fmt.Sprint("m", i), Author: "fill", Text: "a message of forty characters, or about", At: time.Now().UTC()}
	return chat.Posted.Publish(ctx, log, chat.Topic(room), m)
}
