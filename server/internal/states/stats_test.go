package states_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/server/internal/states"
)

func TestStatsShowWhatIsInNoCheckpoint(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := small()
		n := run(t, log, states.Options{})
		defer n.stop()
		other := run(t, log, states.Options{}) // has the record
		defer other.stop()
		time.Sleep(time.Minute) // the first events are not held for the start
		if st := n.Stats(); st.Kind != "sheet" || st.Topics != 0 || st.Age != 0 || st.Failed != 0 || st.Err != nil || st.Writer {
			t.Errorf("at the beginning: %+v", st)
		}
		add(t, log, "red", "a")
		time.Sleep(3 * time.Second)
		add(t, log, "blue", "a")
		synctest.Wait()
		st := n.Stats()
		if st.Topics != 2 || st.Changed != 2 || st.Age != 3*time.Second || st.Behind != 2 || st.Bytes < 2 || st.Limit != 64<<20 || st.Position != 0 {
			t.Errorf("before a checkpoint: %+v", st)
		}
		if !other.Stats().Writer {
			t.Error("the node that writes does not know")
		}
		time.Sleep(time.Minute)
		if st = n.Stats(); st.Changed != 0 || st.Age != 0 || st.Behind != 0 || st.Position != 2 || st.Topics != 2 {
			t.Errorf("after it: %+v", st)
		}
	})
}

func TestStatsNameStatesThatCannotBeKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := small()
		n := run(t, log, states.Options{})
		defer n.stop()
		for _, key := range []string{"f", "e", "d", "c", "b", "a"} {
			add(t, log, key, "panic")
		}
		add(t, log, "fine", "a")
		time.Sleep(time.Minute)
		st := n.Stats()
		if st.Failed != 6 || len(st.Failures) != 5 || st.Failures[0].Topic != "sheet.a" || !strings.Contains(st.Failures[0].Err.Error(), "no more") {
			t.Errorf("%d failed: %v", st.Failed, st.Failures)
		}
		if st.Age < 59*time.Second || st.Age > time.Minute {
			t.Errorf("what is in no checkpoint came %v ago", st.Age)
		}
	})
}

// However long nothing is written, the memory of when events came is bounded.
func TestStatsKnowTheAgeOfAnOldEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := small()
		n := run(t, log, states.Options{})
		defer n.stop()
		add(t, log, "red", "panic")
		for range 1000 {
			time.Sleep(2 * time.Second)
			add(t, log, "blue", "a")
		}
		synctest.Wait()
		if age := n.Stats().Age; age != 2000*time.Second {
			t.Errorf("the first event came %v ago", age)
		}
	})
}
