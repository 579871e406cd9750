package page

import (
	"context"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/shared/chat"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/guest"
	"github.com/seawaykit/seaway/shared/inbox"
)

// post shows a message at once and sends it. The server gives it the same ID,
// which is made of who writes it and the call's key, so that it is recognised
// when it comes back.
func (t *tab) post(room, name, text string) {
	m := chat.Message{
		ID: chat.MessageID(t.me.ID, newKey()), Author: name, Text: text,
		At: time.Now().UTC().Truncate(time.Millisecond), Room: room, By: t.me.ID,
	}
	t.rooms[room].Begin(event.Of[chat.Message]{Value: m})
	t.send(m)
}

// send sends a message that is shown as pending. It may have been sent before:
// the key is the same.
func (t *tab) send(m chat.Message) {
	key := strings.TrimPrefix(m.ID, chat.MessageID(t.me.ID, ""))
	rename := m.Author != t.me.Name
	t.ctx.Async(func() {
		var err error
		if rename {
			err = t.callRename(m.Author)
		}
		if err == nil {
			req := chat.PostRequest{Room: m.Room, Author: m.Author, Text: m.Text}
			_, err = command.Call(context.Background(), chat.Post, req, command.WithKey(key))
		}
		t.ctx.Dispatch(func(app.Context) {
			if err != nil {
				t.rooms[m.Room].Fail(m.ID, because(err))
			} else {
				t.rooms[m.Room].Confirm(m.ID)
			}
		})
	})
}

// newKey returns an idempotency key.
func newKey() string {
	return strconv.FormatUint(rand.Uint64(), 36) + "-" + strconv.FormatUint(rand.Uint64(), 36)
}

// rename gives the reader another name. failed is told if it is refused.
func (t *tab) rename(name string, failed func(reason string)) {
	t.ctx.Async(func() {
		err := t.callRename(name)
		if err != nil {
			t.ctx.Dispatch(func(app.Context) { failed(because(err)) })
		}
	})
}

// callRename blocks until the server has the name.
func (t *tab) callRename(name string) error {
	me, err := command.Call(context.Background(), guest.Rename, guest.RenameRequest{Name: name})
	if err == nil {
		t.ctx.Dispatch(func(app.Context) { t.become(me) })
	}
	return err
}

// edit and remove change one of the reader's own messages. done is told how that
// went; the change itself comes by the stream.
func (t *tab) edit(room, id, text string, done func(err error)) {
	change(t, chat.Edit, chat.EditRequest{Room: room, ID: id, Text: text}, done)
}

func (t *tab) remove(room, id string, done func(err error)) {
	change(t, chat.Remove, chat.RemoveRequest{Room: room, ID: id}, done)
}

func change[Req any](t *tab, c command.Type[Req, chat.ChangeReply], req Req, done func(error)) {
	t.ctx.Async(func() {
		_, err := command.Call(context.Background(), c, req)
		t.ctx.Dispatch(func(app.Context) { done(err) })
	})
}

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
