package source

import "testing"

// A page is not slower for tools that nobody uses.
func TestNothingIsNotedForNobody(t *testing.T) {
	l := &loop{Source: New(Options{})}
	frame := Frame{Name: "test.noted", Data: "{}", LastEventID: "e1-1-AAAA"}
	if n := testing.AllocsPerRun(100, func() { l.note(Trace{Kind: FrameRead, Frame: frame}) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
