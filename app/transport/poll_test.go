package transport

import (
	"slices"
	"testing"
	"time"
)

const (
	oneEvent  = "id: e-1-x\n" + resumedHello + "id: e-2-x\nevent: a\ndata: 1\n\nid: e-2-x\nevent: heartbeat\ndata: e-2-x\n\n"
	noEvent   = "id: e-2-x\n" + resumedHello + "id: e-2-x\nevent: heartbeat\ndata: e-2-x\n\n"
	full      = "id: e-2-x\n" + resumedHello + "id: e-3-x\nevent: a\ndata: 1\n\n"
	last      = "id: e-3-x\n" + resumedHello + "id: e-4-x\nevent: a\ndata: 1\n\nid: e-4-x\nevent: heartbeat\ndata: e-4-x\n\n"
	fullAgain = "id: e-2-x\n" + resumedHello + "id: e-2-x\nevent: a\ndata: 1\n\n" // and goes nowhere
)

// News or none, a poll comes when its time has come and waits for nothing.
func TestPollAsksEverySoOften(t *testing.T) {
	asked, received := polledBy(t, Poll{Every: 3 * time.Second}.open, 7*time.Second, oneEvent, noEvent, noEvent)
	if want := []string{"0s /poll after=e-1-x wait=0", "3s /poll after=e-2-x wait=0", "6s /poll after=e-2-x wait=0"}; !slices.Equal(asked, want) {
		t.Errorf("the server was asked %q, want %q", asked, want)
	}
	if want := []string{"open", "hello e-1-x", "a e-2-x", "heartbeat e-2-x", "heartbeat e-2-x", "heartbeat e-2-x"}; !slices.Equal(received, want) {
		t.Errorf("the source received %q, want %q", received, want)
	}
}

func TestPollAsksEveryTwoSecondsByDefault(t *testing.T) {
	asked, _ := polledBy(t, Poll{}.open, 3*time.Second, oneEvent, noEvent)
	if want := []string{"0s /poll after=e-1-x wait=0", "2s /poll after=e-2-x wait=0"}; !slices.Equal(asked, want) {
		t.Errorf("the server was asked %q, want %q", asked, want)
	}
}

// An answer without room for all is followed by the rest at once, unless it goes
// round in circles.
func TestPollFetchesTheRestAtOnce(t *testing.T) {
	asked, _ := polledBy(t, Poll{}.open, 3*time.Second, oneEvent, full, last, noEvent)
	if want := []string{"0s /poll after=e-1-x wait=0", "2s /poll after=e-2-x wait=0", "2s /poll after=e-3-x wait=0"}; !slices.Equal(asked, want) {
		t.Errorf("the server was asked %q, want %q", asked, want)
	}
	asked, _ = polledBy(t, Poll{}.open, 3*time.Second, oneEvent, fullAgain, fullAgain)
	if len(asked) != 2 {
		t.Errorf("in circles, the server was asked %q", asked)
	}
}
