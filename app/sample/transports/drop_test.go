package transports

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// The history of a bare connection begins with the cut.
func TestTrailsAreFollowedFromTheCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var changed func(int)
		released := false
		b := observe(func(_ string, fn func(int)) (func(), error) {
			changed = fn
			return func() { released = true }, nil
		}, "token")
		expect(t, "open before it is", b.isOpen(), false)
		changed(0)
		changed(1)
		expect(t, "open", b.isOpen(), true)
		b.setCut()
		expect(t, "settled while nothing has happened", b.isDone(), true)
		time.Sleep(time.Second)
		changed(0)
		expect(t, "settled", b.isDone(), false)
		changed(0) // reported twice, by two events
		time.Sleep(time.Second)
		changed(1)
		expect(t, "settled when it is back", b.isDone(), true)
		time.Sleep(time.Second)
		history := b.result()
		expect(t, "states", fmt.Sprint(history.States), "[1 0 1]")
		expect(t, "path", history.path(), "1 → 0 → 1")
		expect(t, "back", history.Recovery, 2*time.Second)
		expect(t, "watched", history.Observed, 3*time.Second)
		expect(t, "absent", history.Absent, false)
		b.close()
		expect(t, "released", released, true)
	})
}

func TestConnectionThatNeverOpenedIsAbsent(t *testing.T) {
	b := observe(func(string, func(int)) (func(), error) { return func() {}, nil }, "token")
	b.setCut()
	expect(t, "never opened", b.result().Absent, true)
	none := observe(openBareEventSource, "token") // there is no browser here
	none.setCut()
	none.close()
	history := none.result()
	expect(t, "not there", history.Absent, true)
	expect(t, "was cut", history.WasCut(), false)
}
