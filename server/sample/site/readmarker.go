package site

import (
	"context"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/sample/inbox"
)

// read goes with [inbox.Read]: a marker can only be moved to an event of the log.
func (s *Site) read(ctx context.Context, req inbox.ReadRequest, do func(context.Context, inbox.ReadRequest) (inbox.ReadReply, error)) (inbox.ReadReply, error) {
	if command.Identity(ctx) == "" {
		return inbox.ReadReply{}, guest.ErrNoGuest
	}
	state, err := s.opts.Log.State(ctx)
	if err != nil {
		return inbox.ReadReply{}, err
	}
	if !state.Proves(req.UpTo) || req.UpTo.Seq() > state.Last {
		return inbox.ReadReply{}, fault.Field("up_to", "there has been no such event")
	}
	return do(ctx, req)
}
