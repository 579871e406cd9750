package site

import (
	"context"
	"time"

	"github.com/seawaykit/seaway/app/page"
	"github.com/seawaykit/seaway/shared/chat"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/vitals"
)

const lobby = "lobby"

// snapshotTime bounds what a visitor waits for the log. Without a snapshot the
// page is complete all the same and fills from the stream.
const snapshotTime = time.Second

// snapshot returns what the page shows at first.
func (s *Site) snapshot() page.Snapshot {
	// go-app renders without the request, so its context cannot be had.
	ctx, cancel := context.WithTimeout(context.Background(), snapshotTime)
	defer cancel()
	snap := page.Snapshot{Room: lobby}
	messages, at, err := s.hub.Snapshot(ctx, []string{chat.Topic(lobby)}, page.Last)
	if err != nil {
		s.opts.Logger.Warn("a page was drawn without its messages", "err", err)
		return snap
	}
	snap.Position = at
	for _, e := range messages {
		if e.Type() != chat.Posted.Name() {
			continue
		}
		if m, err := chat.Posted.Decode(e.ID(), e.Data()); err == nil {
			snap.Messages = append(snap.Messages, m)
		}
	}
	snap.Tick = s.newestTick(ctx)
	return snap
}

// newestTick is read after the messages: the stream, which goes on from them,
// may tell the same second again, and that is no harm.
func (s *Site) newestTick(ctx context.Context) vitals.Tick {
	var newest event.Of[vitals.Tick]
	ticks, _, err := s.hub.Snapshot(ctx, []string{vitals.Clock}, 1)
	if err == nil && len(ticks) > 0 {
		// A tick that cannot be read is none.
		newest, _ = vitals.Ticked.Decode(ticks[0].ID(), ticks[0].Data())
	}
	return newest.Value
}
