package eventlog

import "context"

// A Replay reads a long stretch of a log page by page, for a reader that has much to
// catch up with. Make it with [NewReplay]. It is for one goroutine at a time, and holds
// some thousand events at most, so that it should not be kept for long: it returns an
// event that it has read although the event may have left the log since.
type Replay interface {
	// Next returns the page after the last one, as [Log.Read] does from its Next on.
	// After an error it can be called again.
	Next(ctx context.Context, limit int) (Page, error)
}

// A Replayer is a [Log] with a Replay of its own.
type Replayer interface {
	// Replay is for [NewReplay].
	Replay(from uint64, topics ...string) Replay
}

// NewReplay returns a Replay of a log from a number on: of the topics, or of all if none
// are named.
func NewReplay(log Log, from uint64, topics ...string) Replay {
	if own, ok := log.(Replayer); ok {
		return own.Replay(from, topics...)
	}
	return &pages{log, from, topics}
}

// pages is a Replay by Read.
type pages struct {
	log    Log
	next   uint64
	topics []string
}

func (p *pages) Next(ctx context.Context, limit int) (Page, error) {
	page, err := p.log.Read(ctx, p.next, limit, p.topics...)
	if err == nil {
		p.next = page.Next
	}
	return page, err
}
