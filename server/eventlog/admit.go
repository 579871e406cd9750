package eventlog

import (
	"context"
	"crypto/rand"
	"fmt"

	"github.com/seawaykit/seaway/shared/event"
)

// Admit validates a draft: it is the first step of every log's Append. It
// returns the draft with a key, a random one if it has none, or the error of
// [event.Draft.Check], or [ErrTooLarge].
func Admit(d event.Draft, r Retention) (event.Draft, error) {
	if err := d.Check(); err != nil {
		return d, err
	}
	if Size(d) > r.WithDefaults().MaxEvent {
		return d, ErrTooLarge
	}
	if d.Key == "" {
		d.Key = rand.Text()
	}
	return d, nil
}

// Size returns the size that [Retention.MaxEvent] bounds: payload and names.
func Size(d event.Draft) int { return len(d.Topic) + len(d.Type) + len(d.Data) }

// SameRequest reports whether a draft may be a retry of the event that was stored
// under its key for the request stored. It is false only if both are set and differ.
func SameRequest(stored string, d event.Draft) bool {
	return stored == d.Request || stored == "" || d.Request == ""
}

// CheckTopics validates topics: it is the first step of every log's Read. It
// returns the error of [event.CheckTopic] for the first invalid topic.
func CheckTopics(topics []string) error {
	for _, topic := range topics {
		if err := event.CheckTopic(topic); err != nil {
			return err
		}
	}
	return nil
}

// Interrupted returns [ErrUnavailable] with the reason why ctx ended, so that a
// caller can compare with either.
func Interrupted(ctx context.Context) error {
	return fmt.Errorf("%w: %w", ErrUnavailable, context.Cause(ctx))
}
