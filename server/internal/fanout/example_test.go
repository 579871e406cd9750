package fanout_test

import (
	"context"
	"fmt"
	"sync"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/shared/event"
)

// A transport of its own: it takes frames from a cursor, and waits to be woken
// when there are none.
func Example() {
	log := eventlog.NewMemory(eventlog.Retention{})
	hub := fanout.New(log, fanout.Options{Encode: func(e event.Event) []byte { return append(e.Data(), '\n') }})
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { hub.Run(ctx) })
	defer running.Wait()
	defer stop()

	woken := make(chan struct{}, 1)
	cursor, at, err := hub.Open(ctx, []string{"harbour"}, fanout.Start{}, func() {
		select {
		case woken <- struct{}{}:
		default: // it is going to look anyway
		}
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer cursor.Close()
	fmt.Println("it begins", at.Mode)

	for _, text := range []string{"low", "rising", "high"} {
		for _, topic := range []string{"harbour", "elsewhere"} {
			if _, err := log.Append(ctx, event.Draft{Topic: topic, Type: "example", Data: []byte(text)}); err != nil {
				fmt.Println(err)
				return
			}
		}
	}
	for n := 0; n < 3; {
		frames, err := cursor.Take(nil, 1<<10)
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, f := range frames {
			fmt.Print(string(f.Bytes))
		}
		if n += len(frames); len(frames) == 0 {
			<-woken
		}
	}
	// Output:
	// it begins live
	// low
	// rising
	// high
}
