package site

import (
	"context"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/sample/inbox"
)

// read moves the caller's read marker forward. One that is further already stays, and
// nothing is published for it.
func (s *Site) read(ctx context.Context, req inbox.ReadRequest) (inbox.ReadReply, error) {
	state, err := s.opts.Log.State(ctx)
	if err != nil {
		return inbox.ReadReply{}, err
	}
	if !state.Proves(req.UpTo) || req.UpTo.Seq() > state.Last {
		return inbox.ReadReply{}, fault.Field("up_to", "there has been no such event")
	}
	reader := command.Identity(ctx)
	upTo, err := s.readMarker(ctx, reader)
	switch {
	case err != nil:
	case !upTo.IsZero() && upTo.Seq() >= req.UpTo.Seq():
		_, _, err = s.recall(ctx, inbox.Topic(reader))
	default:
		_, err = inbox.MarkerMoved.Publish(ctx, s.log, inbox.Topic(reader), inbox.ReadMarker(req), command.Once(ctx))
	}
	return inbox.ReadReply{}, err
}

// readMarker returns a guest's read marker as this node knows it; zero if there is
// none. One that another node has just moved on does no harm: the inbox does not move
// it back.
func (s *Site) readMarker(ctx context.Context, reader string) (upTo event.ID, err error) {
	ctx, cancel := context.WithTimeout(ctx, readTime)
	defer cancel()
	err = s.inboxes.View(ctx, reader, func(b *inbox.Inbox, _ event.ID) error {
		upTo = b.UpTo
		return nil
	})
	return upTo, err
}
