package page

import (
	"slices"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/livelist"
	"github.com/seawaykit/seaway/shared/sample/chat"
)

// olderMessages is how many older messages are loaded at a time.
const olderMessages = 50

// loadOlder loads messages before those that a room's list shows.
func (s *session) loadOlder(room string) {
	if s.older[room] == livelist.LoadingOlder {
		return
	}
	s.older[room] = livelist.LoadingOlder
	history := s.histories[room]
	history.Older(s.oldest(room, history.Confirmed()), olderMessages, func(h chat.History, more bool, err error) {
		s.olderCame(room, h, more, err)
	})
	s.ctx.Dispatch(func(app.Context) {}) // redraws
}

// olderCame shows older messages.
func (m *model) olderCame(room string, h chat.History, more bool, err error) {
	if m.older[room] = olderAre(more); err != nil {
		m.older[room] = livelist.FailedOlder
	}
	var lines []listed
	for line := range h.Messages {
		lines = append(lines, listed{line, m.annotations[room][line.ID]})
	}
	m.rooms[room].Prepend(lines)
}

// oldest returns the oldest message that a room's list shows or, since it was removed,
// need not show: those before it are older ones.
func (m *model) oldest(room string, h chat.History) string {
	at := len(h.Order)
	for line := range m.rooms[room].All() {
		at = max(0, slices.Index(h.Order, line.ID))
		break
	}
	for at > 0 && (at == len(h.Order) || !h.Lines[h.Order[at-1]].Removed.IsZero()) {
		at--
	}
	if at == len(h.Order) {
		return ""
	}
	return h.Order[at]
}

func olderAre(more bool) livelist.Older {
	if more {
		return livelist.MoreOlder
	}
	return livelist.Beginning
}
