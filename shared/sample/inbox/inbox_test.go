package inbox_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/sample/inbox"
	"github.com/seawaykit/seaway/shared/state/statetest"
)

// at is the position of the n-th event of a history.
func at(n int) event.ID { return event.Position("check", uint64(n)) }

func notice(n int) inbox.Notice {
	return inbox.Notice{
		ID: fmt.Sprint("n", n), Kind: inbox.Mention, From: guest.Guest{ID: "bob", Name: "Bob"}, Room: "deck",
		Text: fmt.Sprint("text ", n), At: time.Unix(1_800_000_000, 0).UTC(),
	}
}

func TestInboxHasEachNoticeOnceAndTheFurthestMarker(t *testing.T) {
	var history []statetest.Entry
	noticed := func(n int) { history = append(history, statetest.Event(inbox.Noticed, notice(n))) }
	read := func(n int) {
		history = append(history, statetest.Event(inbox.MarkerMoved, inbox.ReadMarker{UpTo: at(n)}))
	}
	for n := 1; n <= 8; n++ {
		noticed(n)
	}
	read(3)
	read(6)
	read(5)
	noticed(8) // known
	noticed(2) // known
	noticed(9) // event 14
	read(1)
	b := statetest.Check(t, inbox.Inboxes, history...)
	if len(b.Entries) != 9 || b.UpTo != at(6) {
		t.Fatalf("it has %d notices and is read up to %v", len(b.Entries), b.UpTo)
	}
	for i, e := range b.Entries {
		seq := uint64(i + 1)
		if i == 8 {
			seq = 14
		}
		if e.ID != fmt.Sprint("n", i+1) || e.Event.Seq() != seq {
			t.Errorf("entry %d is %s of event %d, want number %d", i, e.ID, e.Event.Seq(), seq)
		}
		if got, want := b.IsUnread(e), seq > 6; got != want {
			t.Errorf("%s is unread: %v, want %v", e.ID, got, want)
		}
	}
}

func TestInboxKeepsTheNewestNotices(t *testing.T) {
	b := inbox.Inboxes.New()
	for n := range inbox.MaxNotices + 4 {
		d, err := inbox.Noticed.Draft(inbox.Topic("ann"), notice(n))
		if err != nil {
			t.Fatal(err)
		}
		e, err := event.New(event.NewID("check", uint64(n+1), "k"), d, time.Unix(1e9, 0))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := inbox.Inboxes.Apply(&b, e); err != nil {
			t.Fatal(err)
		}
	}
	if len(b.Entries) != inbox.MaxNotices || b.Entries[0].ID != "n4" {
		t.Errorf("it has %d notices, from %s on", len(b.Entries), b.Entries[0].ID)
	}
}

func TestInboxWithoutAMarkerIsUnread(t *testing.T) {
	b := statetest.Check(t, inbox.Inboxes, statetest.Event(inbox.Noticed, inbox.Notice{ID: "n"}))
	if len(b.Entries) != 1 || !b.IsUnread(b.Entries[0]) || !b.UpTo.IsZero() {
		t.Errorf("it is %+v", b)
	}
}
