package page

import (
	"github.com/seawaykit/seaway/app/live"
	"github.com/seawaykit/seaway/shared/sample/inbox"
)

// setAllRead marks all notices as read: here at once, in other tabs when the server
// has stored it. If the server refuses, they are unread again.
func (s *session) setAllRead() {
	s.notices.failure = ""
	live.Do(s.ctx, s.inbox, inbox.Read, inbox.ReadRequest{UpTo: s.notices.newest()}, func(_ inbox.ReadReply, err error) {
		s.notices.failure = s.words.Language.Words.Message(err)
		s.inbox.Discard(s.inbox.Failed()...)
	})
}
