package page

import (
	"context"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/inbox"
)

// readInbox fetches the notices from before the snapshot, which has none: they
// are the reader's alone.
func (t *tab) readInbox() {
	if t.me.ID == "" {
		return
	}
	me := t.me.ID
	t.ctx.Async(func() {
		reply, err := command.Call(context.Background(), inbox.List, inbox.ListRequest{})
		t.ctx.Dispatch(func(app.Context) {
			if err != nil {
				app.Log("inbox:", err)
				return
			}
			if t.me.ID == me {
				t.take(reply)
			}
		})
	})
}

// take adds what the stream has not told. It may have told a later mark.
func (t *tab) take(reply inbox.ListReply) {
	for _, e := range reply.Notices {
		t.notices.add(e)
	}
	if beyond(reply.Mark.UpTo, t.notices.mark) && !reply.Mark.UpTo.IsZero() {
		t.notices.mark = reply.Mark.UpTo
	}
	t.known = true
}

// markRead says that all notices have been seen: here at once, elsewhere when
// the server has noted it. If it has not, they are unread again.
func (t *tab) markRead() {
	upTo := t.notices.newest()
	t.notices.seen = upTo
	t.ctx.Async(func() {
		_, err := command.Call(context.Background(), inbox.Read, inbox.ReadRequest{UpTo: upTo})
		t.ctx.Dispatch(func(app.Context) {
			if err != nil && t.notices.seen == upTo {
				app.Log("inbox:", err)
				t.notices.seen = event.ID{}
			}
		})
	})
}
