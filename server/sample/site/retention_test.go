package site_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/sample/site"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/inbox"
)

// newForgetfulRig is a site whose log keeps 50 events.
func newForgetfulRig(t *testing.T) *rig {
	t.Helper()
	return newRig(t, func(o *site.Options) { o.Log = eventlog.NewMemory(eventlog.Retention{MaxEvents: 50}) })
}

// untilGone lets others post, and waits until all of a topic's events have left the
// log.
func (r *rig) untilGone(topic string) {
	r.t.Helper()
	newest := r.head().Seq()
	for i := range 60 {
		r.append(chat.Posted, "room.engine", chat.Message{ID: fmt.Sprint("filler-", newest, "-", i), Text: "x"})
	}
	until(r.t, "the events of "+topic+" have left the log", func() bool { return r.count(topic) == 0 })
}

func TestRoomKeepsMessagesWhoseEventsHaveLeft(t *testing.T) {
	r := newForgetfulRig(t)
	ann := r.newGuest()
	var want []string
	for i := range 350 {
		want = append(want, fmt.Sprint("message ", i))
		r.written(ann, want[i])
	}
	if got := texts(r.room("lobby")); !slices.Equal(got, want) {
		t.Errorf("the room has %d messages, want %d", len(got), len(want))
	}
	until(t, "the log has 60 events at the most", func() bool { return len(r.events()) <= 60 })
	if got := texts(r.room("lobby")); !slices.Equal(got, want) {
		t.Errorf("the room has %d messages after its events have left, want %d", len(got), len(want))
	}
	if got := texts(r.page("/room/lobby").room("lobby")); !slices.Equal(got, want[len(want)-chat.Newest:]) {
		t.Errorf("a page begins with %q", got)
	}
}

// The log knows nothing any more of the room, of which it is to compare the newest
// event.
func TestMessageWhoseEventsHaveLeftCanBeChanged(t *testing.T) {
	r := newForgetfulRig(t)
	ann, bob := r.newGuest(), r.newGuest()
	changed, gone := r.written(ann, "changed"), r.written(ann, "gone")
	r.untilGone("room.lobby")
	rep, refused := edit(ann, changed, "better", "k")
	first := mustChange(t, rep, refused)
	rep, refused = edit(ann, changed, "better", "k")
	if again := mustChange(t, rep, refused); again != first {
		t.Errorf("an edit is answered %v, its retry %v", first, again)
	}
	r.untilGone("room.lobby")
	rep, refused = remove(ann, gone, "")
	removal := mustChange(t, rep, refused)
	r.untilGone("room.lobby")
	rep, refused = remove(ann, gone, "")
	if again := mustChange(t, rep, refused); again != removal {
		t.Errorf("a removal is answered %v, a second one %v", removal, again)
	}
	_, refused = edit(ann, gone, "back", "")
	wantRefusal(t, "an edit of the removed", refused, fault.NotFound, "")
	_, refused = edit(bob, changed, "mine", "")
	wantRefusal(t, "an edit by another guest", refused, fault.Forbidden, "")
	if got, want := texts(r.room("lobby")), []string{"better"}; !slices.Equal(got, want) {
		t.Errorf("the room has %q, want %q", got, want)
	}
}

// A room that was quiet for long is written to between the look for a message and its
// change.
func TestEditThatARemovalOvertakesIsRefusedAfterARoomWasQuiet(t *testing.T) {
	log := &interloper{Log: eventlog.NewMemory(eventlog.Retention{MaxEvents: 50})}
	r := newRig(t, func(o *site.Options) { o.Log = log })
	ann := r.newGuest()
	id := r.written(ann, "hi")
	r.untilGone("room.lobby")
	log.comes = func(inner eventlog.Log) {
		log.comes = nil
		if _, err := chat.Removed.Publish(t.Context(), inner, "room.lobby", chat.Removal{ID: id}); err != nil {
			t.Error(err)
		}
	}
	_, refused := edit(ann, id, "back", "")
	wantRefusal(t, "the edit", refused, fault.NotFound, "")
}

// It can change the newest 10,000, and says of others that they are not there.
func TestRoomKeepsTenThousandMessages(t *testing.T) {
	r := newRig(t, func(o *site.Options) { o.Log = eventlog.NewMemory(eventlog.Retention{MaxEvents: 5000}) })
	ann := r.newGuest()
	lost, kept := r.written(ann, "lost"), r.written(ann, "kept")
	for i := range chat.MaxMessages - 1 {
		r.append(chat.Posted, "room.lobby", chat.Message{ID: fmt.Sprint("m", i), Text: "x"})
	}
	if h := r.room("lobby"); len(h.Order) != chat.MaxMessages || h.Order[0] != kept || len(h.Lines) != chat.MaxMessages {
		t.Errorf("the room has %d messages, the oldest %q, want %d from %q on", len(h.Order), h.Order[0], chat.MaxMessages, kept)
	}
	rep, refused := edit(ann, kept, "changed", "")
	mustChange(t, rep, refused)
	_, refused = edit(ann, lost, "changed", "")
	wantRefusal(t, "an edit of a message that newer ones have pushed out", refused, fault.NotFound, "")
}

func TestInboxKeepsNoticesWhoseEventsHaveLeft(t *testing.T) {
	r := newForgetfulRig(t)
	ann, bob := r.named("Ann"), r.named("Bob")
	say(bob, "@ann, first", "")
	say(bob, "@ann, second", "")
	mustMutate(ann, inbox.Read, inbox.ReadRequest{UpTo: inboxOf(ann).Entries[0].Event}, "")
	r.untilGone(inbox.Topic(ann.guest))
	got := inboxOf(ann)
	if len(got.Entries) != 2 || got.IsUnread(got.Entries[0]) || !got.IsUnread(got.Entries[1]) {
		t.Errorf("the inbox is %+v", got)
	}
	r.untilGone("guest.names.all")
	say(bob, "@ann, third", "")
	if got := inboxOf(ann).Entries; len(got) != 3 || got[2].From.Name != "Bob" {
		t.Errorf("after the names have left the log the inbox has %+v", got)
	}
}
