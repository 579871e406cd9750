package states

import (
	"context"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/state"
)

// Erase erases the state of a key, its events and its checkpoint, and returns when
// that is durable: no start of a server brings them back. The key can be used again.
// Pages and other nodes that have it take the event as an empty state. After an
// error it may be erased or not; to erase again does no harm.
func (s *States[S]) Erase(ctx context.Context, key string) error {
	id, err := state.Erased.Publish(ctx, s.log, s.kind.Topic(key), state.Erasure{}, event.Latest())
	if err != nil {
		return err
	}
	if err := s.await(ctx, id.Seq()); err != nil {
		return err
	}
	t, err := s.load(ctx, key)
	if err != nil {
		return err
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	_, err = s.write(ctx, t)
	return err
}
