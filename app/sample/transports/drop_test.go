package transports

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// A bare connection's trail begins with the cut.
func TestTrailsAreFollowedFromTheCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var changed func(int)
		released := false
		b := watch(func(_ string, fn func(int)) (func(), error) {
			changed = fn
			return func() { released = true }, nil
		}, "token")
		expect(t, "open before it is", b.isOpen(), false)
		changed(0)
		changed(1)
		expect(t, "open", b.isOpen(), true)
		b.begin()
		expect(t, "settled while nothing has happened", b.isSettled(), true)
		time.Sleep(time.Second)
		changed(0)
		expect(t, "settled", b.isSettled(), false)
		changed(0) // told twice, by two events
		time.Sleep(time.Second)
		changed(1)
		expect(t, "settled when it is back", b.isSettled(), true)
		time.Sleep(time.Second)
		trail := b.end()
		expect(t, "states", fmt.Sprint(trail.States), "[1 0 1]")
		expect(t, "path", trail.path(), "1 → 0 → 1")
		expect(t, "back", trail.Back, 2*time.Second)
		expect(t, "watched", trail.Watched, 3*time.Second)
		expect(t, "absent", trail.Absent, false)
		b.close()
		expect(t, "released", released, true)
	})
}

func TestWhatNeverOpenedIsAbsent(t *testing.T) {
	b := watch(func(string, func(int)) (func(), error) { return func() {}, nil }, "token")
	b.begin()
	expect(t, "never opened", b.end().Absent, true)
	none := watch(openBareEventSource, "token") // there is no browser here
	none.begin()
	none.close()
	trail := none.end()
	expect(t, "not there", trail.Absent, true)
	expect(t, "was cut", trail.WasCut(), false)
}
