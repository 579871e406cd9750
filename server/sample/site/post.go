package site

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/sample/chat"
)

// post writes a message into a room. A retry is recognised by the log, which
// answers with the first one's id, and nobody is told twice of being mentioned.
func (s *Site) post(ctx context.Context, req chat.PostRequest) (chat.PostReply, error) {
	by, id := command.Identity(ctx), messageID(ctx, req)
	if (by != "" && req.Author == "") || strings.Contains(req.Text, "@") {
		// Pages send what they have kept for a server that was away right after its
		// start. For most of it nobody's name is needed.
		if err := s.awaitNames(ctx); err != nil {
			return chat.PostReply{}, err
		}
	}
	if by != "" {
		req.Author = cmp.Or(req.Author, s.names.guest(by).Name)
	}
	if err := checkPost(req); err != nil {
		return chat.PostReply{}, err
	}
	m := chat.Message{
		ID:     id,
		Author: req.Author,
		Text:   req.Text,
		At:     time.Now().UTC().Truncate(time.Millisecond),
		Room:   req.Room,
		By:     by,
	}
	posted, err := chat.Posted.Publish(ctx, s.log, chat.Topic(req.Room), m, command.Once(ctx))
	if err != nil {
		return chat.PostReply{}, err
	}
	// The message is there. Whoever can send the same again may finish the rest.
	if err := s.mention(ctx, posted, m); errors.Is(err, eventlog.ErrUnavailable) && command.CallKey(ctx) != "" {
		return chat.PostReply{}, err
	}
	return chat.PostReply{ID: posted}, nil
}

// messageID names a message after its author, the call's key and the request as
// it was sent, so that only the same message can come in its place, also when the
// log has forgotten the key. A program is no guest and anybody may send its key:
// the name is a hash. It is no guest's either, whose begin with 16 letters and a
// hyphen.
func messageID(ctx context.Context, req chat.PostRequest) string {
	by, key := command.Identity(ctx), command.CallKey(ctx)
	if by == "" {
		return "program-" + cmp.Or(command.Key(ctx), rand.Text())
	}
	return chat.MessageID(by, cmp.Or(key, rand.Text()), req)
}

func checkPost(req chat.PostRequest) error {
	if err := checkRoom(req.Room); err != nil {
		return err
	}
	if isBlank(req.Author) {
		return fault.Field("author", "the author has no name")
	}
	if err := checkName("author", req.Author); err != nil {
		return err
	}
	return checkText(req.Text)
}

func checkRoom(room string) error {
	if !validRoom(room) {
		return fault.Field("room", "a room's name is 1 to %d characters of A-Z, a-z, 0-9, _ and -", chat.MaxRoom)
	}
	return nil
}

func checkText(text string) error {
	switch {
	case isBlank(text):
		return fault.Field("text", "the text is empty")
	case utf8.RuneCountInString(text) > chat.MaxText:
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
