package page

import (
	"context"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/guest"
)

// post shows a message at once and sends it. The server gives it the same ID,
// which is made of who writes it, the call's key and what it says, so that it is
// recognised when it comes back.
func (t *tab) post(room, name, text string) {
	m := chat.Message{
		Author: name, Text: text,
		At: time.Now().UTC().Truncate(time.Millisecond), Room: room, By: t.me.ID,
	}
	m.ID = chat.MessageID(t.me.ID, newKey(), request(m))
	t.rooms[room].Begin(event.Of[chat.Message]{Value: m})
	t.send(m)
}

// send sends a message that is shown as pending. It may have been sent before:
// the key is the same.
func (t *tab) send(m chat.Message) {
	key := keyOf(m)
	rename := m.Author != t.me.Name
	t.ctx.Async(func() {
		var err error
		if rename {
			err = t.callRename(m.Author)
		}
		if err == nil {
			_, err = command.Call(context.Background(), chat.Post, request(m), command.WithKey(key))
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

// request returns the one that posts a message.
func request(m chat.Message) chat.PostRequest {
	return chat.PostRequest{Room: m.Room, Author: m.Author, Text: m.Text}
}

// keyOf returns the key under which a message of the reader's is posted.
func keyOf(m chat.Message) string {
	before, after, _ := strings.Cut(chat.MessageID(m.By, "\n", request(m)), "\n")
	return strings.TrimSuffix(strings.TrimPrefix(m.ID, before), after)
}

// newKey returns an idempotency key.
func newKey() string {
	return strconv.FormatUint(rand.Uint64(), 36) + "-" + strconv.FormatUint(rand.Uint64(), 36)
}

// rename gives the reader another name. failed is told if it is refused, in the
// context of the component that asks: only that one, and those around it, are
// drawn anew.
func (t *tab) rename(ctx app.Context, name string, failed func(reason string)) {
	ctx.Async(func() {
		err := t.callRename(name)
		if err != nil {
			ctx.Dispatch(func(app.Context) { failed(because(err)) })
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

// change changes one of the reader's own messages. done is told how that went, in
// the context of the component that asks; the change itself comes by the stream,
// before that or after.
func change[Req any](ctx app.Context, c command.Type[Req, chat.ChangeReply], req Req, done func(error)) {
	ctx.Async(func() {
		_, err := command.Call(context.Background(), c, req)
		ctx.Dispatch(func(app.Context) { done(err) })
	})
}

// because returns what to tell the reader of an error.
func because(err error) string {
	refused, told := fault.From(err)
	if !told {
		return "The server cannot be reached."
	}
	return refused.Message
}
