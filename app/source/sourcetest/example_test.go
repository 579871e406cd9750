package sourcetest_test

import (
	"fmt"
	"time"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

type rise struct{ Metres float64 }

var rose = event.Define[rise]("tide.rose")

// A tide gauge loses its server and misses nothing.
func Example() {
	server := sourcetest.NewTransport()
	src := source.New(source.Options{Topics: []string{"tide"}, Transport: server})
	source.On(src, rose, func(e event.Of[rise]) { fmt.Printf("%.1f m\n", e.Value.Metres) })
	waits := make(chan time.Time, 2)
	src.OnState(func(s source.State) {
		fmt.Println(s.Phase)
		if s.Phase == source.Waiting {
			waits <- s.Until
		}
	})
	if err := src.Start(); err != nil {
		fmt.Println(err)
		return
	}

	begin, first, second := event.Position("e1", 0), event.NewID("e1", 1, "a"), event.NewID("e1", 2, "b")
	conn := server.Next()
	conn.Send(sourcetest.Hello(wire.Live, begin), sourcetest.Event(rose, first, rise{0.4}))
	conn.Break()
	<-waits
	src.RetryNow()
	conn = server.Next()
	conn.Send(
		sourcetest.Hello(wire.Resumed, first),
		sourcetest.Event(rose, first, rise{0.4}), // again, as a careless server might
		sourcetest.Event(rose, second, rise{0.9}),
		sourcetest.Bye(wire.Bye{Retry: 60_000}))
	<-waits
	src.Close()
	<-src.Done()
	// Output:
	// connecting
	// live
	// 0.4 m
	// waiting
	// connecting
	// live
	// 0.9 m
	// waiting
	// closed
}
