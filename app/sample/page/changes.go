package page

import (
	"github.com/seawaykit/seaway/app/live"
	"github.com/seawaykit/seaway/app/livelist"
	"github.com/seawaykit/seaway/app/sample/words"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/state"
)

// post posts a message under a key. It is shown at once.
func (s *session) post(room, name, text, key string) {
	if name != s.me.Name && s.me.ID != "" {
		s.rename(s.ctx, name, func(string) {}) // the message is refused for the same reason
	}
	live.DoWithKey(s.ctx, s.histories[room], chat.Post, chat.PostRequest{Room: room, Author: name, Text: text}, key, nil)
}

// failed returns the change of a message that has failed.
func (s *session) failed(room, id string) *state.Change {
	for _, c := range s.histories[room].Failed() {
		if line, _ := s.lineOf(c); line.ID == id {
			return c
		}
	}
	return nil
}

// retry sends the change of a message again.
func (s *session) retry(room, id string) {
	if c := s.failed(room, id); c != nil {
		s.histories[room].Retry(c)
	}
}

func (s *session) discard(room, id string) {
	if c := s.failed(room, id); c != nil {
		s.histories[room].Discard(c)
	}
}

// discardDone forgets a change that has failed for want of an answer, and was made all
// the same.
func (s *session) discardDone(room string) (discarded bool) {
	history := s.histories[room]
	for _, c := range history.Failed() {
		mine, _ := s.lineOf(c)
		line, known := history.Confirmed().Lines[mine.ID]
		_, removal := c.Request.(chat.RemoveRequest)
		if known && !line.Posted.IsZero() && isPost(c) || removal && !line.Removed.IsZero() {
			history.Discard(c)
			return true
		}
	}
	return false
}

func isPost(c *state.Change) bool {
	_, ok := c.Request.(chat.PostRequest)
	return ok
}

// lineOf returns the message that a change of the user's is about, with its text, and
// how to tell that it was refused.
func (m *model) lineOf(c *state.Change) (line chat.Line, refused string) {
	switch r := c.Request.(type) {
	case chat.PostRequest:
		return chat.Line{Message: r.Message(state.NewCall(chat.Topic(r.Room), m.me.ID, c.Key, c.At))}, m.words.Room.NotSent
	case chat.EditRequest:
		return chat.Line{Message: chat.Message{ID: r.ID, Text: r.Text, At: c.At, By: m.me.ID, Author: m.me.Name}}, m.words.Room.NotChanged
	case chat.RemoveRequest:
		return chat.Line{Message: chat.Message{ID: r.ID, At: c.At, By: m.me.ID, Author: m.me.Name}}, m.words.Room.NotDeleted
	}
	return line, ""
}

// showChanges shows the user's changes that the room's state does not have: posts at the
// end of the list, edits and removals at their messages. now returns the state with
// those that are pending. A change that has failed, of a message that is gone, is shown
// at the end as well, with its text.
func (m *model) showChanges(room string, now func() chat.History, pending, failed []*state.Change) {
	var atEnd []livelist.Pending[listed]
	annotations := map[string]annotation{}
	for _, c := range failed {
		line, refused := m.lineOf(c)
		why := words.Fill(refused, m.words.Language.Words.Message(c.Err()))
		if old, known := now().Lines[line.ID]; !isPost(c) && known && old.Removed.IsZero() {
			annotations[line.ID] = annotation{failure: why}
		} else {
			atEnd = append(atEnd, livelist.Pending[listed]{Item: listed{Line: line}, Failure: why})
		}
	}
	for _, c := range pending {
		if line, _ := m.lineOf(c); isPost(c) {
			atEnd = append(atEnd, livelist.Pending[listed]{Item: listed{Line: line}})
		} else {
			annotations[line.ID] = annotation{pending: true}
		}
	}
	m.annotateAll(room, now, annotations)
	m.rooms[room].SetPending(atEnd)
}

// annotateAll annotates messages, and no others of the room any more. They are shown with the
// changes that are pending.
func (m *model) annotateAll(room string, now func() chat.History, annotations map[string]annotation) {
	was := m.changing[room]
	m.changing[room] = annotations
	for _, all := range []map[string]annotation{was, annotations} {
		for id := range all {
			to := annotations[id]
			m.annotate(room, id, func(k *annotation) { k.pending, k.failure = to.pending, to.failure })
			m.lineChanged(room, now(), id)
		}
	}
}
