package eventlog_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

type level struct{ Metres float64 }

var rose = event.Define[level]("example.rose")

// An append is durable when it returns; a retry under its key stores nothing; a
// reader goes on from any number.
func Example() {
	ctx := context.Background()
	log := eventlog.NewMemory(eventlog.Retention{})
	defer log.Close()
	for i, metres := range []float64{0.4, 0.9, 0.9} {
		key := event.Key(fmt.Sprint("reading-", min(i, 1))) // the third repeats the second
		id, err := rose.Publish(ctx, log, "harbour", level{metres}, key)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("stored as number", id.Seq())
	}

	// Two harbour masters cannot both decide on what they have read: the second
	// is told that the topic has changed.
	_, err := rose.Publish(ctx, log, "harbour", level{1.2}, event.ExpectLast(1))
	fmt.Println(errors.Is(err, eventlog.ErrConflict))

	page, err := log.Read(ctx, 1, 10, "harbour")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range page.Events {
		fmt.Println(e.ID().Seq(), e.Type(), string(e.Data()))
	}
	fmt.Println("read on from", page.Next)
	// Output:
	// stored as number 1
	// stored as number 2
	// stored as number 2
	// true
	// 1 example.rose {"Metres":0.4}
	// 2 example.rose {"Metres":0.9}
	// read on from 3
}
