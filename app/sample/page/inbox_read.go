package page

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/live"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/inbox"
)

// setAllRead marks all notices as read: here at once, in other tabs when the server
// has stored it. If the server refuses, they are unread again.
func (s *session) setAllRead() {
	upTo := s.notices.newest()
	s.notices.seen = upTo
	live.Call(s.ctx, inbox.Read, inbox.ReadRequest{UpTo: upTo}, func(_ inbox.ReadReply, err error) {
		if err != nil && s.notices.seen == upTo {
			app.Log("inbox:", err)
			s.notices.seen = event.ID{}
		}
	})
}
