package site

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/seawaykit/seaway/app/sample/page"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/sample/vitals"
)

const (
	lobby = "lobby"

	// snapshotTime bounds what a visitor waits for the log. Without a snapshot
	// the page is complete all the same and fills from the stream.
	snapshotTime = time.Second

	// changes is how many edits and removals may lie among the newest messages of
	// a room before the page shows fewer of them.
	changes = 100

	// fewNodes is with how many nodes on one log a page's charts are full at
	// first. Among more, they begin later.
	fewNodes = 4
)

// prepared has a snapshot read before a page is drawn: once for all who ask at the
// same time, and not for a client that goes meanwhile. go-app draws without the
// request, and takes the newest that was read, which is this one or one that
// another request has had read since.
func (s *Site) prepared(pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if page.Has(r.URL.Path) {
			if _, err := s.snapshots.get(r.Context()); err != nil {
				return // the client has gone
			}
		}
		pages.ServeHTTP(w, r)
	})
}

// snapshot returns what the pages show at first. Nobody's own topics are in it.
func (s *Site) snapshot() page.Snapshot {
	if newest := s.newest.Load(); newest != nil {
		return *newest
	}
	return page.Snapshot{Room: lobby}
}

// readSnapshot reads the newest snapshot. It fails only with ctx.
func (s *Site) readSnapshot(ctx context.Context) (struct{}, error) {
	reading, cancel := context.WithTimeout(ctx, snapshotTime)
	defer cancel()
	snap, err := s.takeSnapshot(reading)
	if ctx.Err() != nil {
		return struct{}{}, ctx.Err()
	}
	if err != nil {
		s.unread.Log(s.opts.Logger, "a page was drawn without its messages", "err", err)
		snap = page.Snapshot{Room: lobby}
	}
	snap = snap.Packed()
	s.newest.Store(&snap)
	return struct{}{}, nil
}

// takeSnapshot reads each topic by itself, since one that is busy would leave no
// room for the others among the newest events of all. What came after the first
// of them was read is left to the stream, which makes it one moment's. Whatever
// was acknowledged before is in it.
func (s *Site) takeSnapshot(ctx context.Context) (page.Snapshot, error) {
	if err := s.catchUp(ctx); err != nil {
		return page.Snapshot{}, err
	}
	r := reading{hub: s.hub, ctx: ctx}
	snap := page.Snapshot{Room: lobby, Rooms: map[string][]event.Of[chat.Message]{}}
	for _, room := range chat.Rooms {
		t := newTranscript(r.newest(chat.Topic(room.Name), page.Last+changes))
		snap.Rooms[room.Name] = t.newest(page.Last)
	}
	snap.Messages = snap.Rooms[lobby]
	snap.Samples = s.ownSamples(r.newest(vitals.Wall, page.LastSamples*fewNodes))
	if here := decoded(guest.Present, r.newest(guest.Here, 1)); len(here) > 0 {
		snap.Presence = here[0].Value
	}
	if ticks := decoded(vitals.Ticked, r.newest(vitals.Clock, 1)); len(ticks) > 0 {
		snap.Tick = ticks[0].Value
	}
	snap.Position = r.position
	return snap, r.err
}

// ownSamples returns the newest that this node has told.
func (s *Site) ownSamples(all []event.Event) []event.Of[vitals.Sample] {
	own := slices.DeleteFunc(decoded(vitals.Sampled, all), func(e event.Of[vitals.Sample]) bool { return e.Value.Node != s.opts.Node })
	return own[max(0, len(own)-page.LastSamples):]
}

// A reading is several reads that are to show one moment.
type reading struct {
	ctx context.Context
	hub interface {
		Snapshot(context.Context, []string, int) ([]event.Event, event.ID, error)
	}
	position event.ID // up to which they are complete
	err      error    // the first
}

// newest returns the newest n events of a topic up to the position. Of a topic
// that keeps only the latest, that one is returned even if it is newer: there is
// no other, and the stream does no harm by telling it again.
func (r *reading) newest(topic string, n int) []event.Event {
	if r.err != nil {
		return nil
	}
	events, at, err := r.hub.Snapshot(r.ctx, []string{topic}, n)
	if r.err = err; err != nil {
		return nil
	}
	if r.position.IsZero() || at.Seq() < r.position.Seq() {
		r.position = at
	}
	for i, e := range events {
		if e.ID().Seq() > r.position.Seq() && !e.Latest() {
			return events[:i]
		}
	}
	return events
}

// decoded returns the events of a type. One that cannot be read is none.
func decoded[T any](t event.Type[T], events []event.Event) (all []event.Of[T]) {
	for _, e := range events {
		if e.Type() != t.Name() {
			continue
		}
		if of, err := t.Decode(e.ID(), e.Data()); err == nil {
			all = append(all, of)
		}
	}
	return all
}
