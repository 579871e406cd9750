package embedded

import (
	"context"
	"errors"
	"fmt"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// Put implements [eventlog.Values].
func (l *Log) Put(ctx context.Context, v eventlog.Value, prev event.ID) error {
	if err := l.unhealthy.Load(); err != nil && !l.conn.IsClosed() {
		return fmt.Errorf("put %.300q: %w", v.Name, err)
	}
	return l.inner.Put(ctx, v, prev)
}

// Get implements [eventlog.Values].
func (l *Log) Get(ctx context.Context, name string) (eventlog.Value, error) {
	return l.inner.Get(ctx, name)
}

// Names implements [eventlog.Values].
func (l *Log) Names(ctx context.Context, prefix string) ([]string, error) {
	return l.inner.Names(ctx, prefix)
}

// Delete implements [eventlog.Values].
func (l *Log) Delete(ctx context.Context, name string, prev event.ID) error {
	if err := l.unhealthy.Load(); err != nil && !l.conn.IsClosed() {
		return fmt.Errorf("delete %.300q: %w", name, err)
	}
	return l.inner.Delete(ctx, name, prev)
}

// keepValues gives the values positions in the log as it is after damaged events were
// dropped: what a value includes, such as a checkpoint, it includes all the same. One
// whose position has left the log stays as it is.
func (l *Log) keepValues(ctx context.Context) error {
	st, err := l.inner.State(ctx)
	if err != nil {
		return err
	}
	names, err := l.inner.Names(ctx, "")
	for _, name := range names {
		v, err := l.inner.Get(ctx, name)
		if err != nil {
			return err
		}
		prev := v.Position
		v.Position = st.Position(min(prev.Seq(), st.Last))
		if err := l.inner.Put(ctx, v, prev); err != nil && !errors.Is(err, eventlog.ErrGap) {
			return err
		}
	}
	return err
}
