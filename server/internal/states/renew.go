package states

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
)

const (
	// renewAfter is how long after the start checkpoints of older types are looked
	// for, and how long after that again: a node of the release before may be about
	// to write some.
	renewAfter = 2 * time.Minute
	// renewPause lies between two checkpoints that are looked at: 100,000 take 17
	// minutes and a hundredth of a processor.
	renewPause = 10 * time.Millisecond
)

// renew writes the checkpoints of older types as those of the present one, slowly,
// until ctx ends. When none is left the record drops the older types: the functions
// that read them can be deleted from the program then.
func (s *States[S]) renew(ctx context.Context) {
	for wait(ctx, renewAfter) {
		older := s.olderTypes(ctx)
		if len(older) == 0 {
			continue
		}
		n, err := s.renewAll(ctx)
		if err == nil && n == 0 {
			err = s.dropTypes(ctx, older)
		}
		switch {
		case ctx.Err() != nil:
		case err != nil:
			s.logger.Warn("checkpoints of an older type are not all renewed: leave the functions given to state.Upgrade in the program", "error", err)
		case n > 0:
			s.logger.Info("checkpoints of an older type were renewed", "checkpoints", n)
		default:
			s.logger.Info("there are no checkpoints of older types any more: the functions given to state.Upgrade can be deleted", "types", len(older))
		}
	}
}

// olderTypes returns the types besides the present one of which there may be
// checkpoints, by their fingerprints, if this node is to write checkpoints.
func (s *States[S]) olderTypes(ctx context.Context) map[string]string {
	s.writing.Lock()
	defer s.writing.Unlock()
	if mine, err := s.isWriter(ctx); !mine || err != nil {
		return nil
	}
	older := maps.Clone(s.record.content.Types)
	delete(older, s.kind.Fingerprint())
	return older
}

// renewAll renews all checkpoints of older types, and returns how many there were.
func (s *States[S]) renewAll(ctx context.Context) (n int, err error) {
	names, err := s.log.Names(ctx, s.checkpointName(""))
	if err != nil {
		return 0, err
	}
	for _, name := range names {
		if !wait(ctx, renewPause) {
			return n, ctx.Err()
		}
		renewed, err := s.renewOne(ctx, name)
		if err != nil {
			return n, fmt.Errorf("the checkpoint %s: %w", name, err)
		}
		if renewed {
			n++
		}
	}
	return n, nil
}

// renewOne stores a checkpoint anew if it is of an older type, and reports whether it
// was. The state and its position stay the same, so that it does no harm if another
// node stores one at the same time.
func (s *States[S]) renewOne(ctx context.Context, name string) (renewed bool, err error) {
	for {
		v, err := s.log.Get(ctx, name)
		switch {
		case errors.Is(err, eventlog.ErrNoValue):
			return false, nil
		case err != nil:
			return false, err
		case printOf(v.Data) == s.kind.Fingerprint():
			return false, nil
		}
		prev := v.Position
		st, _, err := s.decode(ctx, v.Data)
		if err == nil {
			v.Position, err = s.included(ctx, v.Position)
		}
		if err == nil {
			v.Data, err = s.kind.Encode(&st)
		}
		if err == nil {
			v.Data, err = pack(s.kind.Fingerprint(), v.Data)
		}
		if err == nil {
			err = s.log.Put(ctx, v, prev)
		}
		if !errors.Is(err, eventlog.ErrConflict) {
			return err == nil, err
		}
	}
}

// dropTypes removes types from the record, unless it has another one since.
func (s *States[S]) dropTypes(ctx context.Context, older map[string]string) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	mine, err := s.isWriter(ctx)
	if !mine || err != nil {
		return err
	}
	left := &record{position: s.record.position, content: s.record.content}
	left.content.Types = maps.Clone(left.content.Types)
	maps.DeleteFunc(left.content.Types, func(print, _ string) bool { return older[print] != "" })
	return s.writeRecord(ctx, left, s.record.position)
}
