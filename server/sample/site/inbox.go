package site

import (
	"context"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/sample/inbox"
)

// maxListed is how many notices a guest is told of at once: the newest.
const maxListed = 200

// list reads the caller's inbox, for a page that was drawn without it.
func (s *Site) list(ctx context.Context, _ inbox.ListRequest) (inbox.ListReply, error) {
	reader := command.Identity(ctx)
	upTo, _, err := s.mark(ctx, inbox.MarkTopic(reader))
	if err != nil {
		return inbox.ListReply{}, err
	}
	if err := s.catchUp(ctx); err != nil {
		return inbox.ListReply{}, err
	}
	notices, _, err := s.hub.Snapshot(ctx, []string{inbox.Topic(reader)}, maxListed)
	return inbox.ListReply{Notices: decoded(inbox.Noticed, notices), Mark: inbox.Mark{UpTo: upTo}}, err
}
