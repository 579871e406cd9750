package site

import (
	"context"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/guest"
)

// whoami tells the caller's identity, and makes a guest of one who has none. A
// socket cannot: its answer has no head any more.
func (s *Site) whoami(ctx context.Context, _ guest.WhoamiRequest) (guest.Guest, error) {
	if id := command.Identity(ctx); id != "" {
		return guest.Guest{ID: id}, nil
	}
	begin := visitorOf(ctx).begin
	if begin == nil {
		return guest.Guest{}, errStranger
	}
	id, err := begin()
	return guest.Guest{ID: id}, err
}
