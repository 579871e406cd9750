package behaviour_test

import (
	"fmt"
	"strings"

	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/app/transport"
	script "github.com/seawaykit/seaway/app/transport/transporttest"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

type note struct{ N uint64 }

var noted = event.Define[note]("test.noted")

// Every scenario leads from the first event to the last.
const (
	first = 1
	last  = 9
)

func at(n uint64) event.ID { return event.NewID("e1", n, "key") }

func events(from, to uint64) (frames []transport.Frame) {
	for n := from; n <= to; n++ {
		frames = append(frames, sourcetest.Event(noted, at(n), note{n}))
	}
	return frames
}

// text returns frames as they are written on the wire.
func text(frames ...transport.Frame) string {
	var b strings.Builder
	for _, f := range frames {
		fmt.Fprintf(&b, "id: %s\nevent: %s\ndata: %s\n\n", f.LastEventID, f.Name, f.Data)
	}
	return b.String()
}

// retry keeps the browsers' own pauses short. Firefox makes 500 ms of less.
const retry = "retry: 500\n\n"

func answers(list ...script.Answer) []script.Answer { return list }

func repeat(n int, a script.Answer) (list []script.Answer) {
	for range n {
		list = append(list, a)
	}
	return list
}

// twice gives an answer to the first try and, should a page look into the
// matter, to that as well.
func twice(a script.Answer) []script.Answer { return answers(a, a, fresh()) }

// fresh is a stream from the beginning to the last event, back one from event 1.
func fresh() script.Answer {
	return script.Answer{Parts: []string{text(sourcetest.Hello(wire.Live, at(0))), retry, text(events(last, last)...)}}
}

func back() script.Answer {
	return script.Answer{Parts: []string{text(sourcetest.Hello(wire.Resumed, at(1))), retry, text(events(last, last)...)}}
}

// saying is a stream of event 1 and something more, which ends properly. Its
// heartbeat interval makes a page call it stale after 750 ms.
func saying(more ...string) script.Answer {
	hello := text(sourcetest.HelloFrom(wire.Hello{Mode: wire.Live, Epoch: "e1", Heartbeat: 300}, at(0)))
	return script.Answer{Parts: append([]string{hello, text(events(1, 1)...)}, more...), Then: script.Finish}
}

func begin() script.Answer { return saying(retry) }

func adding(more string) script.Answer { return saying(retry, more) }

// ending is a stream that ends as said when event 1 has arrived: what is still
// on its way gets lost in a cut.
func ending(then script.End) script.Answer {
	a := begin()
	a.Await, a.Then = true, then
	return a
}

func inMidFrame(then script.End) script.Answer {
	frame := text(events(2, 2)...)
	a := saying(retry, frame[:len(frame)-1])
	a.Await, a.Then = true, then
	return a
}

func mute(then script.End) script.Answer { return script.Answer{Mute: true, Then: then} }

func open(a script.Answer) script.Answer {
	a.AllowOrigin = "*"
	return a
}

func trickling(a script.Answer) script.Answer {
	a.Parts, a.Every = strings.Split(strings.Join(a.Parts, ""), ""), 1
	return a
}

func status(code int) script.Answer { return script.Answer{Status: code, Then: script.Finish} }

func typed(mime string) script.Answer {
	a := fresh()
	a.Type = mime
	return a
}

func redirect(code int) script.Answer {
	return script.Answer{Status: code, Location: "stream?moved", Then: script.Finish}
}
