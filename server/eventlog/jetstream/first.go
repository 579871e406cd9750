package jetstream

import (
	"context"
	"sync"

	"github.com/nats-io/nats.go/jetstream"
)

// begin is where a log that the kit trims begins.
type begin struct {
	mu     sync.Mutex
	seen   uint64 // the stream's first number when the record was last read
	record trimRecord
}

// firstOf returns the number from which on retention has removed nothing. In a log
// that the kit trims that is the number after the record's, which is read whenever the stream
// begins elsewhere: events that leave by themselves move its first number as well, and
// a record that is ahead of it may be taken back. With an error, the number is one
// that is not too low.
func (l *Log) firstOf(ctx context.Context, info *jetstream.StreamInfo) (uint64, error) {
	first := info.State.FirstSeq
	if info.State.Msgs == 0 {
		first = info.State.LastSeq + 1
	}
	if l.values == nil || !isHeld(info.Config) {
		return first, nil
	}
	b := &l.trimming.begin
	b.mu.Lock()
	defer b.mu.Unlock()
	known := b.record.isOf(info.Config) && (first == b.record.UpTo+1 || first > b.record.UpTo && first == b.seen)
	if !known {
		r, err := l.record(ctx)
		if err != nil {
			return max(first, b.record.UpTo+1), err
		}
		b.seen, b.record = first, r
	}
	if !b.record.isOf(info.Config) {
		return first, nil // the kit has not trimmed it yet
	}
	return min(b.record.UpTo, info.State.LastSeq) + 1, nil
}
