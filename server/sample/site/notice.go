package site

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/sample/inbox"
)

// maxAnnounced is how many of the guests who are present get a notice of a new
// guest.
const maxAnnounced = 50

// mentionedIn returns the IDs of the guests that a text mentions.
func (s *Site) mentionedIn(ctx context.Context, text string) (ids []string, err error) {
	if strings.Contains(text, "@") {
		err = s.viewNames(ctx, func(n *nameIndex) { ids = mentioned(text, n.called) })
	}
	return ids, err
}

// mention puts a notice into the inbox of each guest that a message mentions. Its
// key is made of the posting event: however often the post is retried, there is
// one notice. When the log has forgotten the key, the inbox knows the notice.
func (s *Site) mention(ctx context.Context, ids []string, posted event.ID, room string, m chat.Message) error {
	n := inbox.Notice{
		ID: "mention-" + posted.String(), Kind: inbox.Mention, From: guest.Guest{ID: m.By, Name: m.Author},
		Room: room, Text: m.Text, At: m.At,
	}
	return s.sendNotices(ctx, ids, n)
}

// noticeJoin sends the guests who are present a notice of a new guest. Notices
// that the log does not take are dropped.
func (s *Site) noticeJoin(ctx context.Context, g guest.Guest) {
	here, _ := s.reports.merge()
	var ids []string
	for _, other := range here.Guests {
		if len(ids) < maxAnnounced {
			ids = append(ids, other.ID)
		}
	}
	n := inbox.Notice{ID: "joined-" + g.ID, Kind: inbox.Joined, From: g, At: time.Now().UTC().Truncate(time.Millisecond)}
	_ = s.sendNotices(ctx, ids, n) // it is logged already
}

// sendNotices puts a notice into inboxes, except its sender's, all at the same
// time: the log needs as long for one as for ten.
func (s *Site) sendNotices(ctx context.Context, ids []string, n inbox.Notice) error {
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
		s.logger.Warn("a notice was not delivered", "kind", n.Kind, "error", err)
	}
	return err
}
