package page

import (
	"slices"

	"github.com/seawaykit/seaway/app/livelist"
	"github.com/seawaykit/seaway/app/sample/words"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/sample/vitals"
)

// maxMessages is how many messages of a room the page shows, with those that have come
// since it was loaded. When its user asks for older ones it shows more.
const maxMessages = 1000

// A model is what the pages of a browser's tab show. It does not depend on a browser:
// states and events change it, and the components read it.
type model struct {
	words       *words.Words
	me          guest.Guest                      // the user
	rooms       map[string]*messageList          // of each of chat.Rooms
	annotations map[string]map[string]annotation // in each room, by the message's ID
	changing    map[string]map[string]annotation // in each room, of messages with changes of the user's
	newest      map[string]event.ID              // the newest event of each room that has had a state
	older       map[string]livelist.Older        // whether rooms have messages before those shown
	start       event.ID                         // the position of the first HTML; zero if that had none
	samples     window
	begins      bool    // the next sample begins a new window
	presence    present // of the site
	atBoard     present // of the board that is shown
	tick        vitals.Tick
	ticks       ticks
	console     *console
	notices     notices
}

func newModel() *model {
	m := &model{words: &words.English, console: &console{}, rooms: map[string]*messageList{}, annotations: map[string]map[string]annotation{}, changing: map[string]map[string]annotation{}, newest: map[string]event.ID{}, older: map[string]livelist.Older{}}
	own := func(l listed) bool { return l.By != "" && l.By == m.me.ID }
	for _, r := range chat.Rooms {
		m.annotations[r.Name] = map[string]annotation{}
		m.rooms[r.Name] = livelist.New(livelist.Options[listed]{
			Key:   func(l listed) string { return l.ID },
			Less:  func(a, b listed) bool { return a.Posted.Seq() < b.Posted.Seq() }, // for one that comes back
			Own:   own,
			Limit: maxMessages,
		})
	}
	return m
}

// roomChanged takes note of a changed state, once for all events of a burst; these
// have changed the list already. If the state was replaced, for the first time or after
// a reset, the list is filled from it: messages before those of the state leave the
// list, since their changes are not known. A state that ends with the same event as
// before is the same one, and changes nothing.
func (m *model) roomChanged(room string, h chat.History, replaced bool) {
	list := m.rooms[room]
	newest, known := m.newest[room]
	m.newest[room] = h.Last
	switch {
	case !replaced:
		return
	case !known:
		m.showFirst(room, h)
		return
	case h.Last == newest:
		return
	default:
		list.Clear()
	}
	for _, id := range h.Order {
		m.lineChanged(room, h, id)
	}
}

// showFirst fills a list for the first time. What a page begins with is not unread. A
// room that the first HTML does not show is read later, and what has come since then is.
func (m *model) showFirst(room string, h chat.History) {
	list := m.rooms[room]
	atEnd, read := list.AtEnd(), len(h.Order)
	if !m.start.IsZero() {
		read = slices.IndexFunc(h.Order, func(id string) bool { return h.Lines[id].Posted.Seq() > m.start.Seq() })
	}
	if read < 0 {
		read = len(h.Order)
	}
	list.SetAtEnd(true)
	for i, id := range h.Order {
		if i == read {
			list.SetAtEnd(atEnd)
		}
		m.lineChanged(room, h, id)
	}
	list.SetAtEnd(atEnd)
}

// lineChanged shows a message as the room's state has it after an event. It is called
// for each event, and not for each burst: the state has the newest messages only, and
// a long burst pushes the first of its own messages out. A message that the state does
// not have stays as it is.
func (m *model) lineChanged(room string, h chat.History, id string) {
	switch line, known := h.Lines[id]; {
	case !known:
	case !line.Removed.IsZero():
		m.take(room, id)
	default:
		m.put(room, line)
	}
}

// edited changes a message, also one that only the list has.
func (m *model) edited(room string, h chat.History, to chat.Message) {
	m.lineChanged(room, h, to.ID)
	old, shown := m.rooms[room].Get(to.ID)
	if _, known := h.Lines[to.ID]; shown && !known {
		old.Message = to
		m.put(room, old.Line)
	}
}

// removed removes a message, also one that only the list has.
func (m *model) removed(room string, h chat.History, id string) {
	m.lineChanged(room, h, id)
	if _, known := h.Lines[id]; !known {
		m.take(room, id)
	}
}

func (m *model) ticked(e event.Of[vitals.Tick]) {
	m.tick = e.Value
	m.ticks.add(e, m.console.greetedAt())
}

func (m *model) sampled(e event.Of[vitals.Sample]) {
	if m.begins {
		m.samples, m.begins = nil, false
	}
	m.samples = m.samples.add(e.Value)
}

// reset expects the retained events: see [live.Page.OnReset]. What they replace stays
// until they are there, so that nothing vanishes for that time.
func (m *model) reset() { m.begins, m.ticks.begins = true, true }

// unread returns how many messages of each room the user has not seen.
func (m *model) unread() (each [maxRooms]int, all int) {
	for i, r := range chat.Rooms {
		if i == maxRooms {
			break
		}
		each[i] = m.rooms[r.Name].Unread()
		all += each[i]
	}
	return each, all
}
