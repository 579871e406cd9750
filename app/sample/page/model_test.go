package page

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/seawaykit/seaway/app/livelist"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/inbox"
	"github.com/seawaykit/seaway/shared/sample/vitals"
)

// A roomLog is the log of one room, with the state that it has led to.
type roomLog struct {
	t    *testing.T
	name string
	h    chat.History
	m    *model // that receives the events, if any
}

func newRoomLog(t *testing.T, name string) *roomLog {
	return &roomLog{t: t, name: name, h: chat.Histories.New()}
}

// seq numbers the events of all rooms, as a log does.
var seq uint64

func message(id, text string) chat.Message { return chat.Message{ID: id, Text: text} }

// add adds an event to the state.
func (r *roomLog) add(d event.Draft, err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
	seq++
	e, err := event.New(event.NewID("e1", seq, fmt.Sprint(seq)), d, time.Unix(1e9, 0))
	if err != nil {
		r.t.Fatal(err)
	}
	if _, err := chat.Histories.Apply(&r.h, e); err != nil {
		r.t.Fatal(err)
	}
	r.h = chat.Histories.Window(r.h)
}

func (r *roomLog) post(ids ...string) *roomLog {
	r.t.Helper()
	for _, id := range ids {
		r.add(chat.Posted.Draft(chat.Topic(r.name), message(id, id)))
		if r.m != nil {
			r.m.lineChanged(r.name, r.h, id)
		}
	}
	return r.report()
}

func (r *roomLog) edit(id, text string) *roomLog {
	r.t.Helper()
	r.add(chat.Edited.Draft(chat.Topic(r.name), message(id, text)))
	if r.m != nil {
		r.m.edited(r.name, r.h, message(id, text))
	}
	return r.report()
}

func (r *roomLog) remove(id string) *roomLog {
	r.t.Helper()
	r.add(chat.Removed.Draft(chat.Topic(r.name), chat.Removal{ID: id}))
	if r.m != nil {
		r.m.removed(r.name, r.h, id)
	}
	return r.report()
}

// report ends a burst.
func (r *roomLog) report() *roomLog {
	if r.m != nil {
		r.m.roomChanged(r.name, r.h, false)
	}
	return r
}

// replaces shows the state as one that was read anew. From then on m receives the
// events.
func (r *roomLog) replaces(m *model) *roomLog {
	r.m = m
	m.roomChanged(r.name, r.h, true)
	return r
}

// unseen does what m receives no events of.
func (r *roomLog) unseen(fn func()) *roomLog {
	m := r.m
	r.m = nil
	fn()
	r.m = m
	return r
}

// numbers returns the texts of the numbers from first to last.
func numbers(first, last int) (all []string) {
	for n := first; n <= last; n++ {
		all = append(all, fmt.Sprint(n))
	}
	return all
}

// texts returns what a room shows.
func texts(m *model, room string) (all []string) {
	for line := range m.rooms[room].All() {
		all = append(all, line.Text)
	}
	return all
}

func shows(t *testing.T, when string, m *model, room string, want ...string) {
	t.Helper()
	if got := texts(m, room); !slices.Equal(got, want) {
		t.Errorf("%s #%s shows %q, want %q", when, room, got, want)
	}
}

func TestRoomHasItsOwnMessages(t *testing.T) {
	m := newModel()
	newRoomLog(t, "lobby").post("in the lobby").replaces(m)
	newRoomLog(t, "deck").post("first on deck").replaces(m).post("on deck")
	shows(t, "after a state", m, "lobby", "in the lobby")
	shows(t, "after an event", m, "deck", "first on deck", "on deck")
	shows(t, "without any", m, "engine")
}

func TestMessagesChangeInTheirPlaceAndGo(t *testing.T) {
	m := newModel()
	deck := newRoomLog(t, "deck").replaces(m).post("a", "b", "c")
	deck.edit("b", "b, again").edit("z", "never heard of").remove("c").remove("y")
	shows(t, "after changes", m, "deck", "a", "b, again")
}

func lastBlock(l *messageList) livelist.Block[listed] {
	blocks := l.Blocks()
	return blocks[len(blocks)-1]
}

// A view draws a chunk anew whose items were set, even to what they were.
func TestMessagesThatHaveNotChangedAreNotDrawnAgain(t *testing.T) {
	m := newModel()
	deck := newRoomLog(t, "deck").post(numbers(1, 10)...).replaces(m).post(numbers(11, 40)...)
	first := &lastBlock(m.rooms["deck"])[0][0]
	deck.post("41").edit("40", "again").remove("39")
	if &lastBlock(m.rooms["deck"])[0][0] != first {
		t.Error("messages that have not changed are drawn again")
	}
	version := m.rooms["deck"].Version()
	deck.post("33", "39")
	if m.rooms["deck"].Version() != version {
		t.Error("a message that has not changed is drawn again")
	}
}

// A call that comes again when its key is forgotten posts a message once more.
func TestMessagePostedTwiceStaysAsItIs(t *testing.T) {
	m := newModel()
	deck := newRoomLog(t, "deck").replaces(m)
	m.rooms["deck"].SetPending([]livelist.Pending[listed]{{Item: listed{Line: chat.Line{Message: message("own", "own")}}}})
	deck.post("a", "b", "own").edit("a", "a, again").remove("b").post("a", "b", "own")
	shows(t, "after posts that come again", m, "deck", "a, again", "own")
	if left := m.rooms["deck"].Pending(); len(left) > 0 {
		t.Errorf("pending are %v", left)
	}
}

// A page that was away for a while receives all that it has missed at once.
func TestMessagesOfALongBurstAreAllShown(t *testing.T) {
	m := newModel()
	deck := newRoomLog(t, "deck").post(numbers(1, chat.Newest)...).replaces(m)
	deck.post(numbers(chat.Newest+1, 300)...)
	shows(t, "after a burst", m, "deck", numbers(1, 300)...)
}

func TestMessagesBeyondTheStateStayUntilItIsReplaced(t *testing.T) {
	m := newModel()
	deck := newRoomLog(t, "deck").post(numbers(1, chat.Newest)...).replaces(m)
	deck.post(numbers(chat.Newest+1, 80)...)
	shows(t, "with more than a state has", m, "deck", numbers(1, 80)...)
	deck.unseen(func() { deck.post("81") }).replaces(m)
	shows(t, "after a reset", m, "deck", numbers(82-chat.Newest, 81)...)
}

func TestMessagesBeyondTheStateChange(t *testing.T) {
	m := newModel()
	deck := newRoomLog(t, "deck").post(numbers(1, 5)...).replaces(m).post(numbers(6, 53)...)
	deck.edit("2", "2, again").edit("4", "4, again").remove("1").remove("5")
	shows(t, "after changes", m, "deck", append([]string{"2, again", "3", "4, again"}, numbers(6, 53)...)...)
}

// While a state is read anew, the page has the old one: an event that it has not been
// given changes nothing.
func TestMessagesWaitForTheirState(t *testing.T) {
	m := newModel()
	deck := newRoomLog(t, "deck").post("a", "b").replaces(m)
	old := chat.Histories.Window(deck.h).Clone()
	m.lineChanged("deck", old, "c")
	m.edited("deck", old, message("b", "as it was before"))
	m.removed("deck", old, "a")
	shows(t, "before it is there", m, "deck", "a", "b")
}

func TestRoomThatWasErasedBeginsAnew(t *testing.T) {
	m := newModel()
	deck := newRoomLog(t, "deck").post("a", "b").replaces(m)
	deck.h = chat.Histories.New()
	deck.add(chat.Posted.Draft("room.deck", message("c", "c")))
	m.lineChanged("deck", deck.h, "c")
	deck.replaces(m) // one burst
	shows(t, "after an erasure", m, "deck", "c")
}

// All rooms share one stream, so a reset is for each of them.
func TestResetLeavesAQuietRoomAsItWas(t *testing.T) {
	m := newModel()
	const n = chat.Newest
	lobby, deck := newRoomLog(t, "lobby").post(numbers(1, n)...).replaces(m), newRoomLog(t, "deck").post(numbers(1, n)...).replaces(m)
	m.rooms["lobby"].SetAtEnd(false)
	m.rooms["deck"].SetAtEnd(false)
	deck.post(numbers(n+1, n+10)...).remove(fmt.Sprint(n + 10))
	version, unread := m.rooms["deck"].Version(), m.rooms["deck"].Unread()
	m.reset()
	lobby.unseen(func() { lobby.post(numbers(n+1, 500)...) }).replaces(m)
	deck.replaces(m)
	shows(t, "after a reset", m, "deck", numbers(1, n+9)...)
	shows(t, "after a reset", m, "lobby", numbers(501-n, 500)...)
	if list := m.rooms["deck"]; list.Version() != version || list.Unread() != unread || unread != 9 {
		t.Errorf("the quiet room is drawn again: %d unread, before %d", list.Unread(), unread)
	}
	if got := m.rooms["lobby"].Unread(); got != n {
		t.Errorf("the busy room has %d unread, want the %d that are new", got, n)
	}
}

func TestResetCountsNoMessageAsUnreadAgain(t *testing.T) {
	m := newModel()
	deck := newRoomLog(t, "deck").post(numbers(1, 40)...).replaces(m)
	m.rooms["deck"].SetAtEnd(false)
	deck.post("41")
	deck.unseen(func() { deck.post("42", "43") }).replaces(m)
	if got := m.rooms["deck"].Unread(); got != 3 {
		t.Errorf("after a reset %d are unread, want the 3 that the user has not seen", got)
	}
}

// A page whose HTML had no messages, since the log was out of reach.
func TestFirstMessagesAreNotUnread(t *testing.T) {
	m := newModel()
	m.rooms["deck"].SetAtEnd(false)
	deck := newRoomLog(t, "deck").post(numbers(1, 40)...).replaces(m)
	if got := m.rooms["deck"].Unread(); got != 0 {
		t.Errorf("%d messages are unread", got)
	}
	deck.post("41")
	if got := m.rooms["deck"].Unread(); got != 1 {
		t.Errorf("after one more %d are unread", got)
	}
}

func TestResetReplacesWhatFollows(t *testing.T) {
	m := newModel()
	newRoomLog(t, "deck").post("a").replaces(m)
	sample := func(at int64) event.Of[vitals.Sample] {
		return event.Of[vitals.Sample]{Value: vitals.Sample{At: time.Unix(at, 0)}}
	}
	m.sampled(sample(1e9))
	m.reset()
	if len(m.samples) != 1 {
		t.Errorf("before anything has come: %v", m.samples)
	}
	m.sampled(sample(1e9 + 60))
	m.sampled(sample(1e9 + 61))
	newRoomLog(t, "deck").post("b").replaces(m)
	if len(m.samples) != 2 {
		t.Errorf("left: %v", m.samples)
	}
	shows(t, "after a reset", m, "deck", "b")
}

func TestUnreadCountsRoomsNotShown(t *testing.T) {
	m := newModel()
	lobby, deck, engine := newRoomLog(t, "lobby").replaces(m), newRoomLog(t, "deck").replaces(m), newRoomLog(t, "engine").replaces(m)
	m.rooms["deck"].SetAtEnd(false)
	m.rooms["engine"].SetAtEnd(false)
	lobby.post("1")
	deck.post("2", "3")
	engine.post("4")
	each, all := m.unread()
	if each != [maxRooms]int{0, 2, 1} || all != 3 {
		t.Errorf("unread: %v, %d in all", each, all)
	}
}

func notice(seq uint64, id string) inbox.Entry {
	return inbox.Entry{Notice: inbox.Notice{ID: id}, Event: event.NewID("e1", seq, id)}
}

func (n *notices) ids() (all []string) {
	for _, e := range n.all {
		all = append(all, e.ID)
	}
	return all
}

func TestNoticesAreShownTheNewestFirst(t *testing.T) {
	var n notices
	state := inbox.Inbox{Entries: []inbox.Entry{notice(1, "a"), notice(5, "e"), notice(7, "g")}}
	n.show(state)
	held, before := n.all, slices.Clone(n.all)
	state.Entries = append(state.Entries, notice(9, "i"))
	n.show(state)
	if !slices.Equal(held, before) {
		t.Error("a list that a page holds has changed")
	}
	if got := n.ids(); !slices.Equal(got, []string{"i", "g", "e", "a"}) || n.newest().Seq() != 9 {
		t.Errorf("got %q, the newest %v", got, n.newest())
	}
	n.show(inbox.Inbox{}) // another user's
	if len(n.all) > 0 || !n.newest().IsZero() {
		t.Errorf("left: %v", n.all)
	}
}

func TestNoticesAreUnreadBeyondTheReadMarker(t *testing.T) {
	var state inbox.Inbox
	for seq := range uint64(5) {
		state.Entries = append(state.Entries, notice(seq+1, fmt.Sprint(seq)))
	}
	var n notices
	count := func(what string, want int) {
		t.Helper()
		n.show(state)
		if got := n.unread(); got != want {
			t.Errorf("%s: %d unread, want %d", what, got, want)
		}
	}
	count("without a marker", 5)
	state.UpTo = event.NewID("e1", 2, "x")
	count("with one", 3)
}

// On a cluster the samples of all nodes come on one topic.
func TestWindowFollowsOneNode(t *testing.T) {
	sample := func(node string, seconds int) event.Of[vitals.Sample] {
		return event.Of[vitals.Sample]{Value: vitals.Sample{Node: node, At: time.Unix(1e9+int64(seconds), 0), Streams: seconds}}
	}
	m := newModel()
	m.sampled(sample("b", 0))
	m.sampled(sample("b", 1))
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
		m.sampled(sample("a", i))
		m.sampled(sample("b", i))
		m.sampled(sample("", i))
	}
	check("with others about", "b", 0, 1, 2, 3, 4)
	m.sampled(sample("a", 14))
	check("after ten seconds' silence", "b", 0, 1, 2, 3, 4)
	m.sampled(sample("c", 15))
	m.sampled(sample("a", 16))
	check("after more", "c", 15)
	m.reset()
	m.sampled(sample("a", 17))
	m.sampled(sample("c", 18))
	check("after a reset", "a", 17)
}

func TestWindowHoldsTheLastMinutes(t *testing.T) {
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

// A room that is not on the first page is read later: what has come since is unread.
func TestRoomThatIsReadLaterHasWhatCameSinceAsUnread(t *testing.T) {
	m := newModel()
	deck := newRoomLog(t, "deck").post(numbers(1, 3)...)
	m.start = deck.h.Last
	deck.post(numbers(4, 5)...)
	m.rooms["deck"].SetAtEnd(false)
	m.roomChanged("deck", deck.h, true)
	shows(t, "at first", m, "deck", numbers(1, 5)...)
	if _, all := m.unread(); all != 2 || m.rooms["deck"].AtEnd() {
		t.Errorf("%d are unread, want 2", all)
	}
	lobby := newRoomLog(t, "lobby").post(numbers(6, 9)...)
	m.start = event.ID{} // the first HTML had nothing
	m.rooms["lobby"].SetAtEnd(false)
	m.roomChanged("lobby", lobby.h, true)
	if _, all := m.unread(); all != 2 {
		t.Errorf("%d are unread after the page without events, want 2", all)
	}
}
