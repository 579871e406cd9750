package source

import (
	"testing"

	"github.com/seawaykit/seaway/app/transport"
)

// A page is not slower for tools that nobody uses.
func TestTraceIsNotMadeWithoutAReceiver(t *testing.T) {
	l := &loop{Source: New(Options{})}
	frame := transport.Frame{Name: "test.noted", Data: "{}", LastEventID: "e1-1-AAAA"}
	if n := testing.AllocsPerRun(100, func() { l.note(Trace{Kind: FrameRead, Frame: frame}) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
