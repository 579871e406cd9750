package embedded

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// checkpointRetention is far less than a process publishes.
var checkpointRetention = eventlog.Retention{MaxEvents: 100}

// The state of the tests is the set of all keys. Its checkpoint is their list.
const checkpointName = "state.keys"

// loadCheckpoint returns the newest checkpoint. Without one it is that of nothing.
func loadCheckpoint(ctx context.Context, log *Log) (eventlog.Value, error) {
	v, err := log.Get(ctx, checkpointName)
	if errors.Is(err, eventlog.ErrNoValue) {
		err = nil
		v = eventlog.Value{Name: checkpointName, Holds: true}
	}
	return v, err
}

// foldCheckpoint returns the state: the checkpoint and all events after it.
func foldCheckpoint(ctx context.Context, log *Log) (map[string]bool, error) {
	v, err := loadCheckpoint(ctx, log)
	if err != nil {
		return nil, err
	}
	keys := map[string]bool{}
	for key := range strings.FieldsSeq(string(v.Data)) {
		keys[key] = true
	}
	for from := v.Position.Seq() + 1; ; {
		page, err := log.Read(ctx, from, 1000)
		if err != nil {
			return nil, err
		}
		for _, e := range page.Events {
			keys[string(e.Data())] = true
		}
		if from = page.Next; page.Head {
			return keys, nil
		}
	}
}

// checkpointEvery is more than is retained, and less than the hard limit.
const checkpointEvery = 200

// startCheckpoint stores a checkpoint of nothing if there is none, before anything is
// published.
func startCheckpoint(ctx context.Context, log *Log) (v eventlog.Value, err error) {
	v, err = loadCheckpoint(ctx, log)
	if err != nil || !v.Position.IsZero() {
		return v, err
	}
	if v.Position, err = begin(ctx, log); err != nil {
		return v, err
	}
	return v, log.Put(ctx, v, event.ID{})
}

// keepCheckpoint moves the checkpoint on for ever.
func keepCheckpoint(ctx context.Context, log *Log, v eventlog.Value) error {
	stored := v.Position
	var putErr error
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	err := log.Tail(ctx, stored.Seq()+1, func(batch []event.Event, _ error) {
		for _, e := range batch {
			v.Data = fmt.Append(v.Data, string(e.Data()), " ")
			v.Position = e.ID()
		}
		if v.Position.Seq() < stored.Seq()+checkpointEvery {
			return
		}
		if putErr = log.Put(ctx, v, stored); putErr != nil {
			cancel()
		}
		stored = v.Position
	})
	return errors.Join(err, putErr)
}

// begin returns the position before all events.
func begin(ctx context.Context, log *Log) (event.ID, error) {
	state, err := log.State(ctx)
	return state.Position(0), err
}
