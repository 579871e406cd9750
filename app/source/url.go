package source

import (
	"net/url"
	"strconv"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// check reports what is wrong with the options before anything is opened.
func (o Options) check() error {
	if len(o.Topics) == 0 {
		return ErrNoTopics
	}
	for _, topic := range o.Topics {
		if err := event.CheckTopic(topic); err != nil {
			return err
		}
	}
	_, err := url.Parse(o.URL)
	return err
}

// address returns where to connect to resume after a position. The position
// travels in the URL: each connection is a new EventSource, which cannot be
// given a Last-Event-ID header.
func (o Options) address(after event.ID) (string, error) {
	u, err := url.Parse(o.URL)
	if err != nil {
		return "", err
	}
	q := u.Query()
	q[wire.TopicParam] = o.Topics
	q.Set(wire.SchemaParam, event.Fingerprint())
	if !after.IsZero() {
		q.Set(wire.AfterParam, after.String())
	}
	if o.Last > 0 { // with a position it counts for a reset only
		q.Set(wire.LastParam, strconv.Itoa(o.Last))
	}
	u.RawQuery = q.Encode()
	return u.String(), nil
}
