package page

import (
	"github.com/seawaykit/seaway/app/livelist"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/sample/inbox"
	"github.com/seawaykit/seaway/shared/sample/vitals"
)

// maxMessages is how many messages of a room the page keeps. The log keeps the
// rest.
const maxMessages = 1000

// A messageList holds a room's messages by their IDs.
type messageList = livelist.List[event.Of[chat.Message]]

// A model is what the pages of a tab show, whichever of them is open. It knows
// nothing of browsers: events go in, and what they come to is read.
type model struct {
	rooms   map[string]*messageList // of each of chat.Rooms
	gone    map[string]bool         // IDs of messages that were taken back
	samples window
	here    guest.Presence
	tick    vitals.Tick
	notices notices
}

// newModel returns the model that a snapshot describes.
func newModel(s Snapshot) model {
	m := model{rooms: map[string]*messageList{}, gone: map[string]bool{}, here: s.Presence, tick: s.Tick}
	for _, r := range chat.Rooms {
		m.rooms[r.Name] = livelist.New(livelist.Options[event.Of[chat.Message]]{
			Key:   func(e event.Of[chat.Message]) string { return e.Value.ID },
			Limit: maxMessages,
		})
		for _, e := range s.Rooms[r.Name] {
			m.rooms[r.Name].Upsert(e)
		}
	}
	for _, e := range s.Samples {
		m.sampled(e)
	}
	return m
}

// room returns the list of a room that an event names: frames do not name their
// topic, and the messages of old, which do not either, are all of the first room.
// It is nil for a room that the pages do not show.
func (m *model) room(name string) *messageList {
	if name == "" {
		name = chat.Rooms[0].Name
	}
	return m.rooms[name]
}

// posted adds a message. One that is there already stays as it is, and one that
// was taken back stays away: it was posted again by a call that came when the
// server had forgotten its key.
func (m *model) posted(e event.Of[chat.Message]) {
	list := m.room(e.Value.Room)
	if list == nil || m.gone[e.Value.ID] {
		return
	}
	if _, known := list.Get(e.Value.ID); !known {
		list.Upsert(e)
	}
}

// edited changes a message that is there. One that is not has left the list, or
// was taken back: it has no place any more.
func (m *model) edited(e event.Of[chat.Message]) {
	list := m.room(e.Value.Room)
	if list == nil {
		return
	}
	if old, ok := list.Get(e.Value.ID); ok {
		old.Value = e.Value
		list.Upsert(old)
	}
}

func (m *model) removed(e event.Of[chat.Removal]) {
	list := m.room(e.Value.Room)
	if list == nil {
		return
	}
	list.Remove(e.Value.ID)
	if len(m.gone) >= maxMessages {
		clear(m.gone) // the oldest are of no use any more
	}
	m.gone[e.Value.ID] = true
}

func (m *model) sampled(e event.Of[vitals.Sample])  { m.samples = m.samples.add(e.Value) }
func (m *model) ticked(e event.Of[vitals.Tick])     { m.tick = e.Value }
func (m *model) present(e event.Of[guest.Presence]) { m.here = e.Value }
func (m *model) noticed(e event.Of[inbox.Notice])   { m.notices.add(e) }
func (m *model) marked(e event.Of[inbox.Mark])      { m.notices.mark = e.Value.UpTo }

// reset forgets what the stream has told: it tells all that is retained again.
// The reader's own unsent messages stay.
func (m *model) reset() {
	for _, list := range m.rooms {
		list.Clear()
	}
	clear(m.gone)
	m.samples, m.here, m.notices = nil, guest.Presence{}, notices{}
}

// unread returns how many messages of each room the reader has not seen.
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

// unsent reports whether the reader has written what the server has not got.
func (m *model) unsent() bool {
	for _, list := range m.rooms {
		for _, p := range list.Pending() {
			if p.Progress != livelist.Sent {
				return true
			}
		}
	}
	return false
}
