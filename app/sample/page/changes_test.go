package page

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/state"
)

// changing is a room with changes of its user's.
type changing struct {
	t    *testing.T
	m    *model
	deck *roomLog
}

func newChanging(t *testing.T, texts ...string) *changing {
	m := newModel()
	m.me = guest.Guest{ID: "me", Name: "Me"}
	return &changing{t: t, m: m, deck: newRoomLog(t, "deck").post(texts...).replaces(m)}
}

func asked(request any) *state.Change {
	return &state.Change{Key: "key", At: time.Unix(1e9, 0).UTC(), Request: request}
}

// show shows the changes on a state that has the pending edits and removals.
func (c *changing) show(pending, failed []*state.Change) {
	now := c.deck.h.Clone()
	for _, one := range pending {
		switch r := one.Request.(type) {
		case chat.EditRequest:
			line := now.Lines[r.ID]
			line.Text = r.Text
			now.Lines[r.ID] = line
		case chat.RemoveRequest:
			line := now.Lines[r.ID]
			line.Removed = line.Posted
			now.Lines[r.ID] = line
		}
	}
	c.m.showChanges("deck", func() chat.History { return now }, pending, failed)
}

func (c *changing) annotated(when, id string, want annotation) {
	c.t.Helper()
	if got, _ := c.m.rooms["deck"].Get(id); got.annotation != want {
		c.t.Errorf("%s: %s is annotated with %+v, want %+v", when, id, got.annotation, want)
	}
}

func (c *changing) atEnd() (all []string) {
	for _, p := range c.m.rooms["deck"].Pending() {
		all = append(all, p.Item.Text+p.Failure)
	}
	return all
}

func TestEditsAndRemovalsShowAtOnceAndGoBackInTheirPlace(t *testing.T) {
	c := newChanging(t, "a", "b", "c")
	c.show([]*state.Change{asked(chat.EditRequest{Room: "deck", ID: "a", Text: "A"}), asked(chat.RemoveRequest{Room: "deck", ID: "b"})}, nil)
	shows(t, "at once", c.m, "deck", "A", "c")
	c.annotated("at once", "a", annotation{pending: true})
	c.show(nil, []*state.Change{asked(chat.EditRequest{Room: "deck", ID: "a", Text: "A"}), asked(chat.RemoveRequest{Room: "deck", ID: "b"})})
	shows(t, "refused", c.m, "deck", "a", "b", "c")
	c.annotated("refused", "a", annotation{failure: "Not changed: "})
	c.annotated("refused", "b", annotation{failure: "Not deleted: "})
	c.show(nil, nil)
	c.annotated("discarded", "a", annotation{})
	if n := c.m.rooms["deck"].Unread(); n != 0 || len(c.atEnd()) != 0 {
		t.Errorf("%d are unread, at the end are %q", n, c.atEnd())
	}
}

// What the user has typed stays, also if the message is gone that it should have changed.
func TestEditOfAMessageThatIsGoneIsShownAtTheEnd(t *testing.T) {
	c := newChanging(t, "a", "b")
	c.deck.remove("a")
	c.show(nil, []*state.Change{asked(chat.EditRequest{Room: "deck", ID: "a", Text: "A"})})
	if got := c.atEnd(); !slices.Equal(got, []string{"ANot changed: "}) {
		t.Errorf("at the end are %q", got)
	}
}

func TestPostsAreShownAtTheEndInOrder(t *testing.T) {
	c := newChanging(t, "a")
	post := func(n int) *state.Change {
		one := asked(chat.PostRequest{Room: "deck", Author: "Me", Text: fmt.Sprint("mine ", n)})
		one.Key = fmt.Sprint("key ", n)
		return one
	}
	c.show([]*state.Change{post(2), post(3)}, []*state.Change{post(1)})
	if got := c.atEnd(); !slices.Equal(got, []string{"mine 1Not sent: ", "mine 2", "mine 3"}) {
		t.Errorf("at the end are %q", got)
	}
	sent := c.m.rooms["deck"].Pending()[1].Item.Message
	if sent.ID != chat.MessageID("me", "key 2", post(2).Request.(chat.PostRequest)) {
		t.Errorf("its ID is %s", sent.ID)
	}
	c.m.rooms["deck"].SetAtEnd(false)
	c.deck.add(chat.Posted.Draft("room.deck", sent))
	c.m.lineChanged("deck", c.deck.h, sent.ID)
	c.show([]*state.Change{post(2), post(3)}, nil) // it has not been answered
	if got := c.atEnd(); !slices.Equal(got, []string{"mine 3"}) || c.m.rooms["deck"].Unread() != 0 {
		t.Errorf("when its event has come, at the end are %q, %d are unread", got, c.m.rooms["deck"].Unread())
	}
	shows(t, "then", c.m, "deck", "a", "mine 2")
}

// A click at a message draws that one and those around it, and not the room.
func TestMessageIsOpenedWithoutDrawingTheOthers(t *testing.T) {
	c := newChanging(t, numbers(1, 10)...)
	c.deck.post(numbers(11, 40)...)
	first := &lastBlock(c.m.rooms["deck"])[0][0]
	c.m.annotate("deck", "40", func(k *annotation) { k.mode = editing })
	c.annotated("opened", "40", annotation{mode: editing})
	if &lastBlock(c.m.rooms["deck"])[0][0] != first {
		t.Error("all are drawn again")
	}
	c.deck.edit("40", "again")
	c.annotated("changed by another tab", "40", annotation{mode: editing})
}
