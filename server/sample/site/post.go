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

// post writes a message into a room. A retry is recognised by the log, or later by
// the room's state: it gets the first one's id, and no guest gets a second notice.
func (s *Site) post(ctx context.Context, req chat.PostRequest) (chat.PostReply, error) {
	by, id := command.Identity(ctx), messageID(ctx, req)
	if by != "" { // whatever the request says: a guest posts under the guest's own name
		if err := s.viewNames(ctx, func(n *nameIndex) { req.Author = cmp.Or(n.guest(by).Name, req.Author) }); err != nil {
			return chat.PostReply{}, err
		}
	}
	if err := checkPost(req); err != nil {
		return chat.PostReply{}, err
	}
	line, known, err := s.lineOf(ctx, req.Room, id)
	if err != nil {
		return chat.PostReply{}, err
	}
	m, posted := line.Message, line.Posted // of a removed message the text is gone, with its mentions
	if !known {
		m = chat.Message{ID: id, Author: req.Author, Text: req.Text, At: time.Now().UTC().Truncate(time.Millisecond), By: by}
	}
	mentions, err := s.mentionedIn(ctx, m.Text)
	if err == nil && !known {
		posted, err = chat.Posted.Publish(ctx, s.log, chat.Topic(req.Room), m, command.Once(ctx))
	}
	if err != nil {
		return chat.PostReply{}, err
	}
	// The message is stored. A caller with a key can retry to finish the rest.
	if err := s.mention(ctx, mentions, posted, req.Room, m); errors.Is(err, eventlog.ErrUnavailable) && command.IdempotencyKey(ctx) != "" {
		return chat.PostReply{}, err
	}
	return chat.PostReply{ID: posted}, nil
}

// lineOf returns the line of a message that was posted by the same call before, if
// this node knows it. The log recognises what came a moment ago.
func (s *Site) lineOf(ctx context.Context, room, id string) (line chat.Line, known bool, err error) {
	if command.IdempotencyKey(ctx) == "" {
		return line, false, nil
	}
	ctx, cancel := context.WithTimeout(ctx, readTime)
	defer cancel()
	err = s.rooms.View(ctx, room, func(h *chat.History, _ event.ID) error {
		line, known = h.Lines[id]
		return nil
	})
	return line, known, err
}

// messageID returns an ID made of the author, the call's key and the request as
// it was sent, so that only the same message can replace it, also when the log
// has forgotten the key. A program is not a guest, and any client may send its
// key: its ID is a hash. It differs from every guest's, which begins with 16
// letters and a hyphen.
func messageID(ctx context.Context, req chat.PostRequest) string {
	by, key := command.Identity(ctx), command.IdempotencyKey(ctx)
	if by == "" {
		return "program-" + cmp.Or(command.CallID(ctx), rand.Text())
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

// isBlank reports whether s has no visible character.
func isBlank(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) })
}
