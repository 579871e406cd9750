package page

import (
	"context"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/live"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/guest"
)

// post shows a message at once as pending, and sends it under a key. The server gives it the
// same ID, which is made of author, key and content, so that its event is
// recognised.
func (s *session) post(room, name, text, key string) {
	m := chat.Line{Message: chat.Message{
		Author: name, Text: text,
		At: time.Now().UTC().Truncate(time.Millisecond), By: s.me().ID,
	}}
	m.ID = chat.MessageID(m.By, key, postRequest(room, m))
	s.rooms[room].Begin(m)
	s.send(room, m)
}

// An outgoing message is shown as pending, and waits for those before it.
type outgoing struct {
	room string
	line chat.Line
}

// send sends a message that is shown as pending, after those before it: what a user
// writes keeps its order. It may have been sent before: the key is the same.
func (s *session) send(room string, m chat.Line) {
	s.outbox = append(s.outbox, outgoing{room, m})
	if len(s.outbox) == 1 {
		s.sendFirst()
	}
}

// sendFirst sends the first message of the outbox, and then the others.
func (s *session) sendFirst() {
	first := s.outbox[0]
	m, key := first.line, keyFromID(first.room, first.line)
	rename := m.Author != s.me().Name
	s.ctx.Async(func() {
		var err error
		if rename {
			err = s.callRename(m.Author)
		}
		if err == nil {
			_, err = command.Call(context.Background(), chat.Post, postRequest(first.room, m), command.WithIdempotencyKey(key))
		}
		s.ctx.Dispatch(func(app.Context) {
			s.answered(err)
			if len(s.outbox) > 0 {
				s.sendFirst()
			}
		})
	})
}

// answered takes the outcome of the first message of the outbox. If the server cannot be
// reached, that is the outcome of those behind it as well.
func (s *session) answered(err error) {
	if err == nil {
		s.rooms[s.outbox[0].room].Confirm(s.outbox[0].line.ID)
		s.outbox = s.outbox[1:]
		return
	}
	failed := s.outbox[:1]
	if fault.CodeOf(err) == fault.Unreachable {
		failed = s.outbox
	}
	s.outbox = s.outbox[len(failed):]
	for _, one := range failed {
		s.rooms[one.room].Fail(one.line.ID, s.words.Language.Words.Message(err))
	}
}

// postRequest returns the request that posts a message.
func postRequest(room string, m chat.Line) chat.PostRequest {
	return chat.PostRequest{Room: room, Author: m.Author, Text: m.Text}
}

// keyFromID returns the idempotency key of one of the user's messages.
func keyFromID(room string, m chat.Line) string {
	before, after, _ := strings.Cut(chat.MessageID(m.By, "\n", postRequest(room, m)), "\n")
	return strings.TrimSuffix(strings.TrimPrefix(m.ID, before), after)
}

// rename gives the user another name. If the server refuses, failed is called in
// the context of the component that asks: only that one, and those around it, are
// redrawn.
func (s *session) rename(ctx app.Context, name string, failed func(reason string)) {
	ctx.Async(func() {
		err := s.callRename(name)
		if err != nil {
			ctx.Dispatch(func(app.Context) { failed(s.words.Language.Words.Message(err)) })
		}
	})
}

// callRename blocks until the server has the name.
func (s *session) callRename(name string) error {
	me, err := command.Call(context.Background(), guest.Rename, guest.RenameRequest{Name: name})
	if err == nil {
		s.ctx.Dispatch(func(app.Context) { s.page.SetUser(live.Identity{ID: me.ID, Name: me.Name}) })
	}
	return err
}
