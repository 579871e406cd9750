package page

import (
	"github.com/seawaykit/seaway/app/livelist"
	"github.com/seawaykit/seaway/shared/sample/chat"
)

// A messageList holds a room's messages by their IDs.
type messageList = livelist.List[listed]

// A listed message is a line with what the user does to it. That is no part of the row
// that draws it, or each click would draw all messages again.
type listed struct {
	chat.Line
	annotation
}

// An annotation is what the page shows of a message besides its line.
type annotation struct {
	mode    mode
	pending bool   // the line has a change that the server has not confirmed
	failure string // why a change of it has failed
}

// A mode is what is open at a message.
type mode uint8

const (
	reading  mode = iota
	editing       // a field with the text
	removing      // the question whether to remove it
)

// put shows a line, with its annotation. One that is shown already stays as it is.
func (m *model) put(room string, line chat.Line) {
	item := listed{line, m.annotations[room][line.ID]}
	if old, shown := m.rooms[room].Get(line.ID); !shown || old != item {
		m.rooms[room].Upsert(item)
	}
}

// annotate changes the annotation of a message.
func (m *model) annotate(room, id string, change func(*annotation)) {
	k := m.annotations[room][id]
	if change(&k); k == (annotation{}) {
		delete(m.annotations[room], id)
	} else {
		m.annotations[room][id] = k
	}
	if old, shown := m.rooms[room].Get(id); shown {
		m.put(room, old.Line)
	}
}

// take removes a message from a list.
func (m *model) take(room, id string) {
	delete(m.annotations[room], id)
	m.rooms[room].Remove(id)
}
