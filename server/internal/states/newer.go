package states

import (
	"errors"
	"fmt"

	"github.com/seawaykit/seaway/shared/fault"
)

// errNewer is why a node cannot read a checkpoint whose type came into the record after
// its own start: nodes of a newer release have been started beside it, and keep the states.
// The caller tries again, and is answered by one of them, or by this node's successor.
var errNewer = fault.New(fault.Unavailable, "a newer release of the server keeps this: try again in a moment")

// checkRead returns an errNewer for a type that this program cannot read. All that were in the
// record at its start it can: see [States.reads].
func (s *States[S]) checkRead(description string) error {
	if err := s.kind.Reads(description); err != nil {
		return fmt.Errorf("%w (%v)", errNewer, err)
	}
	return nil
}

// isNewer reports whether the entry, which is locked, is kept by a newer release. Events need
// not be remembered for its checkpoint: this node cannot write the record any more.
func (t *entry[S]) isNewer() bool { return errors.Is(t.err, errNewer) }

// reportUnread logs why a checkpoint cannot be read; that a newer release keeps the states
// it logs once.
func (s *States[S]) reportUnread(topic string, err error) {
	if !errors.Is(err, errNewer) {
		s.logger.Error("a state cannot be read", "topic", topic, "error", err)
		return
	}
	s.superseded.Do(func() {
		s.logger.Warn("a newer release has begun to write checkpoints: states that are not in memory are refused as unavailable until this program is replaced", "topic", topic, "error", err)
	})
}
