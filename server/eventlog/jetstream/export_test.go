package jetstream

import (
	"context"

	"github.com/seawaykit/seaway/server/eventlog"
)

// BeginTrim does the first half of a trim: it looks at what holds events. promise
// does the second up to a number, all but the purge.
func (l *Log) BeginTrim(ctx context.Context) (promise func(upTo uint64) error, err error) {
	info, err := l.events(ctx)
	if err != nil {
		return nil, err
	}
	r, err := l.record(ctx)
	if err != nil {
		return nil, err
	}
	return func(upTo uint64) error { return l.promise(ctx, info, &r, upTo) }, l.refresh(ctx, info)
}

// Trim trims the log now.
func (l *Log) Trim(ctx context.Context) error {
	_, err := l.trim(ctx)
	return err
}

// FinishPut is the second half of a Put of a value that begins to hold events: as
// if it had looked long ago whether they are there.
func (l *Log) FinishPut(ctx context.Context, v eventlog.Value) error {
	h := head{kind: kindOf(v), name: v.Name, put: "test", at: v.Position, size: len(v.Data)}
	err := l.replace(ctx, h, func(head) (head, error) { return l.fill(ctx, h, v.Data) })
	if err != nil {
		return err
	}
	return l.holdOrRelease(ctx, h, v)
}
