package site

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/sample/inbox"
)

// maxAnnounced is how many of those who are here hear of somebody new.
const maxAnnounced = 50

// mention puts a notice into the inbox of everybody whom a message mentions. Each
// has a key made of the posting event: however often the post is tried, it is put
// there once.
func (s *Site) mention(ctx context.Context, posted event.ID, m chat.Message) error {
	n := inbox.Notice{
		ID: "mention-" + posted.String(), Kind: inbox.Mention, From: guest.Guest{ID: m.By, Name: m.Author},
		Room: m.Room, Text: m.Text, At: m.At,
	}
	return s.notify(ctx, mentioned(m.Text, s.names.called), n)
}

// announce tells those who are here of somebody new. It is a courtesy: what the
// log does not take is left out.
func (s *Site) announce(ctx context.Context, g guest.Guest) {
	here, _ := s.rolls.merge()
	var ids []string
	for _, other := range here.Guests {
		if len(ids) < maxAnnounced {
			ids = append(ids, other.ID)
		}
	}
	n := inbox.Notice{ID: "joined-" + g.ID, Kind: inbox.Joined, From: g, At: time.Now().UTC().Truncate(time.Millisecond)}
	_ = s.notify(ctx, ids, n) // it has been logged
}

// notify puts a notice into inboxes, but its sender's own, all at the same time:
// the log needs as long for one as for ten.
func (s *Site) notify(ctx context.Context, ids []string, n inbox.Notice) error {
	var all sync.WaitGroup
	errs := make([]error, len(ids))
	for i, id := range ids {
		if id == n.From.ID {
			continue
		}
		all.Go(func() {
			_, errs[i] = inbox.Noticed.Publish(ctx, s.log, inbox.Topic(id), n, event.Key(n.ID+"-"+id))
		})
	}
	all.Wait()
	err := errors.Join(errs...)
	if err != nil {
		s.opts.Logger.Warn("a notice was not delivered", "kind", n.Kind, "err", err)
	}
	return err
}

// markTries is how often a mark is set while the guest's other pages set theirs.
const markTries = 10

// read moves the caller's mark forward. One that is further already stays. The
// event of a key may be gone, since only the newest mark is kept. If the log knows
// the key and the mark is not where this request would have put it, it was put
// somewhere else.
func (s *Site) read(ctx context.Context, req inbox.ReadRequest) (inbox.ReadReply, error) {
	topic := inbox.MarkTopic(command.Identity(ctx))
	state, err := s.opts.Log.State(ctx)
	if err != nil {
		return inbox.ReadReply{}, err
	}
	if !state.Proves(req.UpTo) || req.UpTo.Seq() > state.Last {
		return inbox.ReadReply{}, fault.Field("up_to", "there has been no such event")
	}
	for range markTries {
		last, seq, err := s.mark(ctx, topic)
		if err != nil {
			return inbox.ReadReply{}, err
		}
		if last.Epoch() == state.Epoch && last.Seq() >= req.UpTo.Seq() {
			_, _, err := s.recall(ctx, topic)
			return inbox.ReadReply{}, err
		}
		id, err := inbox.Marked.Publish(ctx, s.log, topic, inbox.Mark(req), event.Latest(), event.ExpectLast(seq), command.Once(ctx))
		if err == nil && id.Seq() <= seq {
			err = eventlog.ErrKeyReused
		}
		if !errors.Is(err, eventlog.ErrConflict) {
			return inbox.ReadReply{}, err
		}
	}
	return inbox.ReadReply{}, fault.New(fault.Unavailable, "the mark is being moved by others")
}

// mark returns a guest's mark, and the number of the event that set it; 0 if
// none has.
func (s *Site) mark(ctx context.Context, topic string) (upTo event.ID, seq uint64, err error) {
	if err := s.catchUp(ctx); err != nil {
		return upTo, 0, err
	}
	events, _, err := s.hub.Snapshot(ctx, []string{topic}, 1)
	if err != nil || len(events) == 0 {
		return upTo, 0, err
	}
	m, err := inbox.Marked.Decode(events[0].ID(), events[0].Data())
	return m.Value.UpTo, events[0].ID().Seq(), err
}
