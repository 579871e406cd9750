package site

import (
	"context"
	"encoding/json"
	"time"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/guest"
)

// Servers tell each other two things, on topics that no page may follow. Their
// events are not defined as types: each stream's hello names all that are, and
// no page has use for these. Fields may be added to them and nothing else
// changed, since servers of two releases read them.
const (
	namesTopic = "guest.names"
	nodesTopic = "presence.nodes"

	namedType = "guest.named"   // a guest.Guest
	toldType  = "presence.told" // a roll
)

// A roll is who is here as one node knows it. It stands in the log for rollTime,
// and is told again before that is over: the guests of a node that has died are
// gone when its last is.
type roll struct {
	Node    string        `json:"node"`
	Guests  []guest.Guest `json:"guests"`
	Total   int           `json:"total"`
	Leaving bool          `json:"leaving,omitempty"` // the node is shutting down: it is good for the grace only
}

const (
	rollTime  = 90 * time.Second
	rollEvery = 30 * time.Second
)

// record appends what only servers read.
func record(ctx context.Context, log event.Appender, topic, typ string, v any, opts ...event.Option) (event.ID, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return event.ID{}, err
	}
	d := event.Draft{Topic: topic, Type: typ, Data: data}
	for _, opt := range opts {
		opt(&d)
	}
	return log.Append(ctx, d)
}

// recorded reads it. What cannot be read is left out.
func recorded[T any](e event.Event) (v T, ok bool) {
	ok = json.Unmarshal(e.Data(), &v) == nil
	return v, ok
}
