package site

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/presence"
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
	return s.sendNotices(ctx, ids, n, n.ID)
}

// joinNotices is how often a guest gets a notice of a new one on a node, however many come.
var joinNotices = access.Rate{PerSecond: 1. / 60, Burst: 1}

// noticeJoin sends the guests who are present a notice of a new guest, each one a minute at
// most on all nodes: the log stores one event under a key of the minute. Notices that the
// log does not take are dropped.
func (s *Site) noticeJoin(ctx context.Context, g guest.Guest) {
	here, err := s.here.List(presence.Site)
	if err != nil {
		s.logger.Error("the guests who are present were not read", "error", err)
		return
	}
	n := inbox.Notice{ID: "joined-" + g.ID, Kind: inbox.Joined, From: g, At: time.Now().UTC().Truncate(time.Millisecond)}
	var ids []string
	for _, other := range here.People() {
		if id := other.Profile.ID; len(ids) < maxAnnounced && id != g.ID && s.joins.Allow(id, 1) {
			ids = append(ids, id)
		}
	}
	_ = s.sendNotices(ctx, ids, n, fmt.Sprint("joined-", n.At.Unix()/60)) // it is logged already
}

// sendNotices puts a notice into inboxes, except its sender's, all at the same
// time: the log needs as long for one as for ten. An inbox gets one under a key.
func (s *Site) sendNotices(ctx context.Context, ids []string, n inbox.Notice, key string) error {
	var all sync.WaitGroup
	errs := make([]error, len(ids))
	for i, id := range ids {
		if id == n.From.ID {
			continue
		}
		all.Go(func() {
			_, errs[i] = inbox.Noticed.Publish(ctx, s.log, inbox.Topic(id), n, event.Key(key+"-"+id))
		})
	}
	all.Wait()
	err := errors.Join(errs...)
	if err != nil {
		s.logger.Warn("a notice was not delivered", "kind", n.Kind, "error", err)
	}
	return err
}
