package site

import (
	"context"
	"encoding/json"
	"time"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/guest"
)

// Servers exchange reports, on a topic that no page may follow. They are not defined
// as an event type: each stream's hello lists all defined types, and no page uses
// this one. Fields may be added to it and nothing else changed, since servers of two
// releases read it.
const (
	nodesTopic = "presence.nodes"
	reportType = "presence.reported" // a nodeReport
)

// A nodeReport lists the guests that are present on one node. It stays in the
// log for reportLifetime, and is published again before that is over: the guests
// of a node that has died are gone when its last report expires.
type nodeReport struct {
	Node    string        `json:"node"`
	Guests  []guest.Guest `json:"guests"`
	Total   int           `json:"total"`
	Leaving bool          `json:"leaving,omitempty"` // the node is shutting down: the report is valid for the grace time only
}

const (
	reportLifetime = 90 * time.Second
	reportInterval = 30 * time.Second
)

// record appends an event that only servers read.
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

// recorded decodes such an event, and reports false if it cannot.
func recorded[T any](e event.Event) (v T, ok bool) {
	ok = json.Unmarshal(e.Data(), &v) == nil
	return v, ok
}
