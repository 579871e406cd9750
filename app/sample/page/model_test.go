package page

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/sample/inbox"
	"github.com/seawaykit/seaway/shared/sample/vitals"
)

func message(room, id, text string) event.Of[chat.Message] {
	return event.Of[chat.Message]{ID: event.NewID("e1", 1, id), Value: chat.Message{ID: id, Text: text, Room: room}}
}

// texts returns what a room shows.
func texts(m *model, room string) (all []string) {
	for e := range m.rooms[room].All() {
		all = append(all, e.Value.Text)
	}
	return all
}

func TestEventsGoToTheRoomThatTheyName(t *testing.T) {
	m := newModel(Snapshot{Rooms: map[string][]event.Of[chat.Message]{"deck": {message("deck", "1", "of the snapshot")}}})
	m.posted(message("", "2", "of old"))
	m.posted(message("deck", "3", "on deck"))
	m.posted(message("cellar", "4", "where nobody looks"))
	if got := texts(&m, "lobby"); !slices.Equal(got, []string{"of old"}) {
		t.Errorf("the lobby shows %q", got)
	}
	if got := texts(&m, "deck"); !slices.Equal(got, []string{"of the snapshot", "on deck"}) {
		t.Errorf("the deck shows %q", got)
	}
	if got := texts(&m, "engine"); len(got) > 0 {
		t.Errorf("the engine room shows %q", got)
	}
}

func TestMessagesChangeInTheirPlaceAndGo(t *testing.T) {
	m := newModel(Snapshot{})
	for _, id := range []string{"a", "b", "c"} {
		m.posted(message("deck", id, id))
	}
	m.edited(message("deck", "b", "b, again"))
	m.edited(message("deck", "z", "never heard of"))
	m.edited(message("cellar", "b", "elsewhere"))
	m.removed(event.Of[chat.Removal]{Value: chat.Removal{ID: "c", Room: "deck"}})
	m.removed(event.Of[chat.Removal]{Value: chat.Removal{ID: "a", Room: "cellar"}})
	if got := texts(&m, "deck"); !slices.Equal(got, []string{"a", "b, again"}) {
		t.Errorf("the deck shows %q", got)
	}
}

// A call that comes again when its key is forgotten posts a message once more.
func TestAMessageThatIsPostedTwiceStaysAsItIs(t *testing.T) {
	m := newModel(Snapshot{})
	m.rooms["deck"].Begin(message("deck", "own", "own"))
	for _, id := range []string{"a", "b", "own"} {
		m.posted(message("deck", id, id))
	}
	m.edited(message("deck", "a", "a, again"))
	m.removed(event.Of[chat.Removal]{Value: chat.Removal{ID: "b", Room: "deck"}})
	for _, id := range []string{"a", "b", "own"} {
		m.posted(message("deck", id, id))
	}
	if got := texts(&m, "deck"); !slices.Equal(got, []string{"a, again", "own"}) {
		t.Errorf("the deck shows %q", got)
	}
	m.reset()
	m.posted(message("deck", "b", "b"))
	if got := texts(&m, "deck"); !slices.Equal(got, []string{"b"}) {
		t.Errorf("after a reset the deck shows %q", got)
	}
}

func TestAnOwnMessagesKeyIsFoundInItsID(t *testing.T) {
	m := chat.Message{By: "GUEST", Room: "deck", Author: "ann", Text: "hi"}
	m.ID = chat.MessageID(m.By, "one-two", request(m))
	if got := keyOf(m); got != "one-two" {
		t.Errorf("the key of %s is %q", m.ID, got)
	}
}

func TestAResetForgetsWhatTheStreamHasTold(t *testing.T) {
	m := newModel(Snapshot{})
	m.posted(message("deck", "a", "told"))
	m.rooms["deck"].Begin(message("deck", "own", "not sent yet"))
	m.sampled(event.Of[vitals.Sample]{Value: vitals.Sample{At: time.Unix(1e9, 0)}})
	m.present(event.Of[guest.Presence]{Value: guest.Presence{Total: 3}})
	m.noticed(notice(7, "n"))
	m.marked(event.Of[inbox.Mark]{Value: inbox.Mark{UpTo: event.NewID("e1", 9, "k")}})
	m.reset()
	if got := texts(&m, "deck"); len(got)+len(m.samples)+m.here.Total+len(m.notices.all) > 0 || !m.notices.mark.IsZero() {
		t.Errorf("left: %q, %v, %v, %v", got, m.samples, m.here, m.notices)
	}
	if !m.unsent() {
		t.Error("what the reader has not sent yet is forgotten")
	}
}

func TestOnlyRoomsThatNobodyLooksAtHaveUnreadMessages(t *testing.T) {
	m := newModel(Snapshot{})
	m.rooms["deck"].Attend(false)
	m.rooms["engine"].Attend(false)
	m.posted(message("lobby", "1", "seen"))
	m.posted(message("deck", "2", "not seen"))
	m.posted(message("deck", "3", "not seen"))
	m.posted(message("engine", "4", "not seen"))
	each, all := m.unread()
	if each != [maxRooms]int{0, 2, 1} || all != 3 {
		t.Errorf("unread: %v, %d in all", each, all)
	}
}

func notice(seq uint64, id string) event.Of[inbox.Notice] {
	return event.Of[inbox.Notice]{ID: event.NewID("e1", seq, id), Value: inbox.Notice{ID: id}}
}

func (n *notices) ids() (all []string) {
	for _, e := range n.all {
		all = append(all, e.Value.ID)
	}
	return all
}

// They come from the stream and from the list of older ones, in any order.
func TestNoticesAreShownOnceTheNewestFirst(t *testing.T) {
	var n notices
	for _, e := range []event.Of[inbox.Notice]{notice(5, "e"), notice(9, "i"), notice(1, "a"), notice(5, "e"), notice(7, "g")} {
		before := slices.Clone(n.all)
		held := n.all
		n.add(e)
		if !slices.Equal(held, before) {
			t.Error("a list that a page holds has changed")
		}
	}
	if got := n.ids(); !slices.Equal(got, []string{"i", "g", "e", "a"}) {
		t.Errorf("got %q", got)
	}
	for i := range 2 * maxNotices {
		n.add(notice(uint64(10+i), fmt.Sprint(i)))
	}
	if len(n.all) != maxNotices || n.newest().Seq() != 9+2*maxNotices {
		t.Errorf("%d notices, the newest %v", len(n.all), n.newest())
	}
}

func TestNoticesAreUnreadBeyondTheMark(t *testing.T) {
	var n notices
	for seq := range uint64(5) {
		n.add(notice(seq+1, fmt.Sprint(seq)))
	}
	count := func(what string, want int) {
		t.Helper()
		if got := n.unread(); got != want {
			t.Errorf("%s: %d unread, want %d", what, got, want)
		}
	}
	count("without a mark", 5)
	n.mark = event.NewID("e1", 2, "x")
	count("with the server's", 3)
	n.seen = event.NewID("e1", 4, "x")
	count("with the page's own", 1)
	n.seen, n.mark = event.ID{}, event.NewID("e2", 99, "x")
	count("with one of another log", 5)
}

// On a cluster the samples of all nodes come on one topic.
func TestAWindowFollowsOneNode(t *testing.T) {
	told := func(node string, seconds int) event.Of[vitals.Sample] {
		return event.Of[vitals.Sample]{Value: vitals.Sample{Node: node, At: time.Unix(1e9+int64(seconds), 0), Streams: seconds}}
	}
	m := newModel(Snapshot{Samples: []event.Of[vitals.Sample]{told("b", 0), told("b", 1)}})
	check := func(what, node string, want ...int) {
		t.Helper()
		var got []int
		for _, s := range m.samples {
			if got = append(got, s.Streams); s.Node != node {
				t.Errorf("%s: a sample of %q", what, s.Node)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	for i := 2; i < 5; i++ {
		m.sampled(told("a", i))
		m.sampled(told("b", i))
		m.sampled(told("", i))
	}
	check("with others about", "b", 0, 1, 2, 3, 4)
	m.sampled(told("a", 14))
	check("after ten seconds' silence", "b", 0, 1, 2, 3, 4)
	m.sampled(told("c", 15))
	m.sampled(told("a", 16))
	check("after more", "c", 15)
	m.reset()
	m.sampled(told("a", 17))
	m.sampled(told("c", 18))
	check("after a reset", "a", 17)
}

func TestAWindowHoldsTheLastMinutes(t *testing.T) {
	var w window
	at := func(seconds int) vitals.Sample {
		return vitals.Sample{At: time.Unix(1e9+int64(seconds), 0), Streams: seconds}
	}
	for i := range 400 {
		held, before := w, slices.Clone(w)
		w = w.add(at(i))
		if !slices.Equal(held, before) {
			t.Fatal("a window that a page holds has changed")
		}
	}
	if len(w) != 301 || w.newest().Streams != 399 || w[0].Streams != 99 {
		t.Errorf("%d samples, from %d to %d", len(w), w[0].Streams, w.newest().Streams)
	}
	if w = w.add(at(399)); len(w) != 301 {
		t.Errorf("a sample that is told again makes %d", len(w))
	}
	if w = w.add(at(200)); w.newest().Streams != 200 || len(w) != 102 {
		t.Errorf("after the clock was set back: %d samples up to %d", len(w), w.newest().Streams)
	}
	if points := w.points(func(s vitals.Sample) float64 { return float64(s.Streams) }); points[101] != (point{w[101].At, 200}) {
		t.Errorf("points: %v", points[101])
	}
	if !window(nil).newest().At.IsZero() {
		t.Error("an empty window has a newest sample")
	}
}
