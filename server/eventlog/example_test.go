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
// reader can begin at any number.
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

	// Of two callers that append after reading the same events, the second gets
	// an ErrConflict.
	_, err := rose.Publish(ctx, log, "harbour", level{1.2}, event.ExpectLast(1))
	fmt.Println(errors.Is(err, eventlog.ErrConflict))

	page, err := log.Read(ctx, 0, 10, "harbour")
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

// A checkpoint includes all events up to its position. Those after it stay in the
// log, whatever the retention, until the next checkpoint is stored.
func ExampleValues() {
	ctx := context.Background()
	log := eventlog.NewMemory(eventlog.Retention{MaxEvents: 2})
	defer log.Close()
	state, err := log.State(ctx)
	start := eventlog.Value{Name: "state.highest", Position: state.Position(0), Holds: true}
	err = errors.Join(err, log.Put(ctx, start, event.ID{}))
	var last event.ID
	for _, metres := range []float64{0.4, 0.9, 1.3, 0.7} {
		var one error
		last, one = rose.Publish(ctx, log, "harbour", level{metres})
		err = errors.Join(err, one)
	}
	before, one := log.State(ctx)
	next := eventlog.Value{Name: "state.highest", Position: last, Data: []byte("1.3"), Holds: true}
	err = errors.Join(err, one, log.Put(ctx, next, start.Position))
	after, one := log.State(ctx)
	fmt.Println(before.First, after.First, errors.Join(err, one))
	// Output: 1 3 <nil>
}
