package transport_test

import (
	"fmt"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
)

type tide struct{ Metres float64 }

var rose = event.Define[tide]("example.rose")

// A recording is a Transport of one's own: it plays what a server has sent once.
type recording []transport.Frame

func (r recording) Open(_ transport.Request, emit func(...transport.Signal)) (release func(), err error) {
	emit(transport.Arrived(r...)...)
	return func() {}, nil
}

func (r recording) Name() string { return "recording" }

func Example() {
	src := source.New(source.Options{Topics: []string{"tide"}, Transport: recording{
		{Name: "hello", Data: `{"epoch":"e1","mode":"live"}`, LastEventID: "e1-0"},
		{Name: "example.rose", Data: `{"Metres":0.4}`, LastEventID: "e1-1-aaaa"},
		{Name: "example.rose", Data: `{"Metres":0.9}`, LastEventID: "e1-2-aaaa"},
		{Name: "bye", Data: `{}`, LastEventID: "e1-2-aaaa"},
	}})
	source.On(src, rose, func(e event.Of[tide]) { fmt.Println(e.Value.Metres, "m") })
	src.OnState(func(s source.State) {
		fmt.Println(s.Phase, "by", s.Transport)
		if s.Phase == source.Waiting {
			src.Close()
		}
	})
	if err := src.Start(); err != nil {
		fmt.Println(err)
		return
	}
	<-src.Done()
	// Output:
	// connecting by recording
	// live by recording
	// 0.4 m
	// 0.9 m
	// waiting by recording
	// closed by recording
}
