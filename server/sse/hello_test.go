package sse

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// newGreeter returns a handler whose hub is ready.
func newGreeter(t testing.TB) *Handler {
	t.Helper()
	log := eventlog.NewMemory(eventlog.Retention{})
	hub := fanout.New(log, fanout.Options{Encode: encodeEvent})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); hub.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-ended })
	<-hub.Ready()
	return newHandler(log, hub, Options{Build: "v1"})
}

// Whatever part of a hello is encoded beforehand, it is the JSON of a wire.Hello.
func TestHelloIsTheJSONOfItsFields(t *testing.T) {
	id := event.Position("e1", 7)
	for _, want := range []wire.Hello{
		{Epoch: "e1", Head: id, Mode: wire.Live, Schema: map[string]string{}},
		{Epoch: "e1", Mode: wire.Reset, Schema: map[string]string{"b": "1", "a": "2"}, Build: `"schema":null`},
		{Schema: map[string]string{"x": "0"}, Accepts: map[string][]string{"x": {"1", "2"}}},
	} {
		data, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		if frame := string(helloFrame(id, want)); !strings.HasSuffix(frame, "\ndata: "+string(data)+"\n\n") {
			t.Errorf("got %q, want data %s", frame, data)
		}
	}
}

func TestHelloHasTheFingerprintsOfTheProgram(t *testing.T) {
	h := newGreeter(t)
	for range 2 { // the first one encodes them
		_, data, _ := strings.Cut(string(h.firstFrames(fanout.Opening{Mode: wire.Live})), "\ndata: ")
		var hello wire.Hello
		if err := json.Unmarshal([]byte(data), &hello); err != nil {
			t.Fatal(err)
		}
		if got, want := fmt.Sprint(hello.Schema, hello.Accepts), fmt.Sprint(event.Schemas(), event.Accepts()); got != want || hello.Build != "v1" {
			t.Errorf("got %s, build %s, want %s", got, hello.Build, want)
		}
	}
}

// Fifteen types, as the sample has.
func init() {
	type note struct {
		Text string
		At   int
	}
	for i := range 15 {
		event.Define[note](fmt.Sprintf("bench.noted.%d", i))
	}
}

func BenchmarkHello(b *testing.B) {
	h := newGreeter(b)
	b.ReportAllocs()
	for b.Loop() {
		h.firstFrames(fanout.Opening{Mode: wire.Live})
	}
}
