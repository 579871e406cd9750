package live

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/states"
)

// foreignPause lies between two questions to a log that is out of reach.
const foreignPause = time.Second

// keepStates keeps the states of all kinds until ctx ends. A kind that cannot be kept
// ends the server; the others are kept until then.
func (s *Server) keepStates(ctx context.Context) error {
	var all []states.Keeper
	for _, k := range s.kinds {
		keeper, err := k.begin(ctx)
		if err != nil {
			s.background.failed <- err
			continue
		}
		all = append(all, keeper)
	}
	return states.Run(ctx, s.log, all...)
}

// reportForeign logs for which kinds the log keeps events that s does not serve.
func (s *Server) reportForeign(ctx context.Context) {
	held, err := states.Held(ctx, s.log)
	for ; errors.Is(err, eventlog.ErrUnavailable) && ctx.Err() == nil; held, err = states.Held(ctx, s.log) {
		select {
		case <-ctx.Done():
		case <-time.After(foreignPause):
		}
	}
	if err != nil {
		return // the log has failed, which others report
	}
	for name, events := range held {
		if !s.serves(name) {
			s.opts.Logger.Warn("the log keeps events for the states of a kind that this program does not serve: if no other program does, forget it with -forget-kind or Server.Forget, or the log grows to its hard limit and refuses events",
				"kind", name, "events", events)
		}
	}
}

func (s *Server) serves(kind string) bool {
	for _, k := range s.kinds {
		if k.name() == kind {
			return true
		}
	}
	return false
}

// Forget deletes all states of a kind that no program serves any more: its
// checkpoints, and the record for which the log keeps events. Until then the log keeps
// each event for the next checkpoint of that kind, grows to its hard limit and refuses
// events. It is called once, after all programs that serve the kind have ended: one
// that goes on, or that is started again, reports that the record is gone. It refuses
// a kind that s serves. The events stay as long as the retention keeps them.
func (s *Server) Forget(ctx context.Context, kind string) error {
	if s.serves(kind) {
		return fmt.Errorf("the kind %q is served by this program, and cannot be forgotten", kind)
	}
	n, err := states.Forget(ctx, s.log, kind)
	if err != nil {
		return err
	}
	s.opts.Logger.Warn("a kind of state was forgotten", "kind", kind, "checkpoints", n)
	return nil
}

// forget forgets the kinds of a list that is separated by commas. A start with the
// list may be one of several: what the log does not have is no error.
func (s *Server) forget(ctx context.Context, kinds string) error {
	for _, kind := range splitList(kinds) {
		err := s.Forget(ctx, kind)
		if errors.Is(err, eventlog.ErrNoValue) {
			s.opts.Logger.Warn("there is nothing to forget: the log has no states of the kind", "kind", kind)
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}
