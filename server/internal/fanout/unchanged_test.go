package fanout_test

import (
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/shared/event"
)

func TestUnchangedIsOfTheTopicsThatAreNamed(t *testing.T) {
	r := newRig(t, eventlog.NewMemory(eventlog.Retention{}), fanout.Options{})
	head := func() event.ID { _, head := r.hub.Head(); return head }
	expect := func(when string, since event.ID, want bool, topics ...string) {
		t.Helper()
		if got := r.hub.Unchanged(since, topics...); got != want {
			t.Errorf("%s: %v since %s: %v, want %v", when, topics, since, got, want)
		}
	}
	<-r.hub.Ready()
	expect("an empty log", head(), true, "a")
	r.publish("a", "1")
	since := head()
	expect("nothing has come", since, true, "a", "b")
	r.publish("b", "2")
	expect("another topic", since, true, "a", "c")
	expect("this topic", since, false, "a", "b")
	expect("no topics", since, true)
	r.publish("a", "3")
	expect("both", since, false, "a")
	expect("from the head on", head(), true, "a", "b")
	expect("the zero position", event.ID{}, false)
	expect("a position ahead of the node", event.NewID(since.Epoch(), 1000, "k"), false)
	expect("a position of another log", event.NewID("other", since.Seq(), "k"), false)
	expect("an event that is another", event.NewID(since.Epoch(), since.Seq(), "another"), false)
}

// What has come after a position that is older than the ring is not known.
func TestUnchangedIsNotProvedByARingThatIsTooShort(t *testing.T) {
	r := newRig(t, eventlog.NewMemory(eventlog.Retention{}), fanout.Options{MaxEvents: 4})
	since := r.publish("a", "1")
	r.publishMany("b", 1, 4)
	if !r.hub.Unchanged(since, "a") {
		t.Error("the ring begins right after the position, and proves nothing")
	}
	r.publish("b", "5")
	if r.hub.Unchanged(since, "a") {
		t.Error("the position has left the ring, and is still proved")
	}
}

func TestUnchangedSeesAnEventThatHasReplacedItsTopic(t *testing.T) {
	r := newRig(t, eventlog.NewMemory(eventlog.Retention{}), fanout.Options{})
	since := r.publish("clock", "1", event.Latest())
	if !r.hub.Unchanged(since, "clock") {
		t.Error("nothing has come")
	}
	r.publish("clock", "2", event.Latest())
	if r.hub.Unchanged(since, "clock") {
		t.Error("the event was replaced")
	}
	if !r.hub.Unchanged(since, "a") { // the number is a hole now
		t.Error("another topic has changed")
	}
}

func TestUnchangedIsNotProvedByAnotherLog(t *testing.T) {
	log := &switchLog{log: eventlog.NewMemory(eventlog.Retention{}), changed: make(chan struct{})}
	r := newRig(t, log, fanout.Options{})
	since := r.publish("a", "1")
	log.set(eventlog.NewMemory(eventlog.Retention{}), nil)
	until(t, func() bool { epoch, _ := r.hub.Head(); return epoch != since.Epoch() })
	r.publish("a", "1")
	if r.hub.Unchanged(since, "a") {
		t.Error("a position of the log before is proved")
	}
}

// An event that all readers have is awaited without a goroutine or a timer.
func TestAwaitOfWhatIsThereAllocatesNothing(t *testing.T) {
	r := newRig(t, eventlog.NewMemory(eventlog.Retention{}), fanout.Options{AheadWait: time.Hour})
	id := r.publish("a", "1")
	if n := testing.AllocsPerRun(100, func() { _ = r.hub.Await(t.Context(), id.Seq()) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
