package site

import (
	"cmp"
	"context"
	"crypto/rand"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/seawaykit/seaway/shared/chat"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
)

// post writes a message into a room. A retry is recognised by the log, which
// answers with the first one's id.
func (s *Site) post(ctx context.Context, req chat.PostRequest) (chat.PostReply, error) {
	if err := checkPost(req); err != nil {
		return chat.PostReply{}, err
	}
	key := command.Key(ctx)
	m := chat.Message{
		ID:     cmp.Or(key, rand.Text()),
		Author: req.Author,
		Text:   req.Text,
		At:     time.Now().UTC().Truncate(time.Millisecond),
	}
	id, err := chat.Posted.Publish(ctx, s.opts.Log, chat.Topic(req.Room), m, event.Key(key))
	return chat.PostReply{ID: id}, err
}

func checkPost(req chat.PostRequest) error {
	switch {
	case !validRoom(req.Room):
		return fault.Field("room", "a room's name is 1 to %d characters of A-Z, a-z, 0-9, _ and -", chat.MaxRoom)
	case isBlank(req.Author):
		return fault.Field("author", "the author has no name")
	case utf8.RuneCountInString(req.Author) > chat.MaxAuthor:
		return fault.Field("author", "the name is longer than %d characters", chat.MaxAuthor)
	case strings.ContainsFunc(req.Author, unicode.IsControl):
		return fault.Field("author", "the name holds control characters")
	case isBlank(req.Text):
		return fault.Field("text", "the text is empty")
	case utf8.RuneCountInString(req.Text) > chat.MaxText:
		return fault.Field("text", "the text is longer than %d characters", chat.MaxText)
	}
	return nil
}

// validRoom reports whether a room's name is one token of a topic.
func validRoom(room string) bool {
	return len(room) <= chat.MaxRoom && !strings.Contains(room, ".") && event.CheckTopic(room) == nil
}

// isBlank reports whether nothing of s can be seen.
func isBlank(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) })
}
