package jetstream

import (
	"context"
	"fmt"
)

// settle returns once what the stream has stored up to a number is durable: before a
// message is acknowledged, and before one is shown. A cluster acknowledges and shows
// nothing else; the server of package embedded leaves the sync to its owner.
func (l *Log) settle(ctx context.Context, seq uint64) error {
	if l.o.Durable == nil {
		return nil
	}
	if err := l.o.Durable(ctx, l.o.Stream, seq); err != nil {
		return fmt.Errorf("number %d of stream %q is not durable: %w", seq, l.o.Stream, err)
	}
	return nil
}
