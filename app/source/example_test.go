package source_test

import (
	"fmt"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

type level struct{ Metres float64 }

var rose = event.Define[level]("example.rose")

// A page follows a topic. What it shows is told it in order and once; after a
// reset it begins anew with what the server still has. In a browser it names no
// Transport.
func Example() {
	server := sourcetest.NewTransport()
	src := source.New(source.Options{Topics: []string{"harbour"}, After: event.NewID("e1", 1, "a"), Transport: server})
	var shown []float64
	source.On(src, rose, func(e event.Of[level]) { shown = append(shown, e.Value.Metres) })
	src.OnReset(func(wire.ResetInfo) { shown = nil })
	drawn := make(chan bool)
	src.OnBatch(func() { // once for all that have come together
		if len(shown) == 2 {
			fmt.Println(shown)
			close(drawn)
		}
	})
	if err := src.Start(); err != nil {
		fmt.Println(err)
		return
	}
	server.Next().Send(
		sourcetest.Hello(wire.Resumed, event.NewID("e1", 1, "a")),
		sourcetest.Event(rose, event.NewID("e1", 2, "b"), level{0.4}),
		sourcetest.Event(rose, event.NewID("e1", 2, "b"), level{0.4}), // a careless server
		sourcetest.Event(rose, event.NewID("e1", 3, "c"), level{0.9}))
	<-drawn
	src.Close()
	<-src.Done()
	// Output: [0.4 0.9]
}
