package site

import (
	"context"
	"errors"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/sample/chat"
)

// post goes with [chat.Post]: a guest posts under the guest's own name, whatever the request says, and the
// guests that the message mentions get notices. A retry sends them again, which changes
// nothing: no guest gets a second one.
func (s *Site) post(ctx context.Context, req chat.PostRequest, do func(context.Context, chat.PostRequest) (chat.PostReply, error)) (chat.PostReply, error) {
	if by := command.Identity(ctx); by != "" {
		if err := s.viewNames(ctx, func(n *nameIndex) { req = req.By(n.guest(by).Name) }); err != nil {
			return chat.PostReply{}, err
		}
	}
	// What mentions guests is not stored before their names can be read.
	mentions, err := s.mentionedIn(ctx, req.Text)
	if err != nil {
		return chat.PostReply{}, err
	}
	begin := time.Now()
	reply, err := do(ctx, req)
	if err != nil {
		return chat.PostReply{}, err
	}
	s.log.add(appendSample{begin, time.Since(begin)})
	m := reply.Message()
	if m.Text != req.Text { // it was changed since, and with it whom it mentions
		mentions, err = s.mentionedIn(ctx, m.Text)
	}
	if err == nil {
		err = s.mention(ctx, mentions, reply.ID, req.Room, m)
	}
	// The message is stored. A caller with a key can retry to finish the rest.
	if errors.Is(err, eventlog.ErrUnavailable) && command.IdempotencyKey(ctx) != "" {
		return chat.PostReply{}, err
	}
	return reply, nil
}
