package inspect_test

import (
	"fmt"
	"time"

	"github.com/seawaykit/seaway/app/inspect"
	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

type level struct{ Metres float64 }

var rose = event.Define[level]("example.rose")

// A record keeps what a source has received. The panel draws it in a page.
func Example() {
	server := sourcetest.NewTransport()
	src := source.New(source.Options{Topics: []string{"harbour"}, Transport: server})
	record := inspect.Watch(src) // before Start
	received := make(chan float64)
	source.On(src, rose, func(e event.Of[level]) { received <- e.Value.Metres })
	if err := src.Start(); err != nil {
		fmt.Println(err)
		return
	}
	server.Next().Send(
		sourcetest.Hello(wire.Live, event.Position("e1", 0)),
		sourcetest.Event(rose, event.NewID("e1", 1, "a"), level{0.4}))
	<-received
	src.Close()
	<-src.Done()

	// The newest comes first, and each line has the payload.
	report := record.Report(time.Now(), event.NewID("e1", 1, "a"))
	for _, l := range report.Frames {
		fmt.Println(l.What, l.Detail != "")
	}
	// Output:
	// example.rose true
	// hello true
}
