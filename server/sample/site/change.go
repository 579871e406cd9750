package site

import (
	"context"
	"errors"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/sample/chat"
)

const (
	// changeTries is how often a change is tried while others write to the room.
	changeTries = 10
	// readTime bounds how long a request waits for this node's states. A retry is
	// better than a stale answer.
	readTime = 5 * time.Second
)

var (
	errNoMessage = fault.New(fault.NotFound, "there is no such message, or not any more")
	errNotAuthor = fault.New(fault.Forbidden, "a message can be changed by its author only")
	errBusyRoom  = fault.New(fault.Unavailable, "the room is too busy just now")
)

// edit changes the text of one of the caller's messages.
func (s *Site) edit(ctx context.Context, req chat.EditRequest) (chat.ChangeReply, error) {
	err := checkRoom(req.Room)
	if err == nil {
		err = checkText(req.Text)
	}
	if err != nil {
		return chat.ChangeReply{}, err
	}
	return s.change(ctx, req.Room, req.ID, func(f found) (event.Draft, error) {
		m := f.Message
		m.Text, m.Edited = req.Text, true
		return chat.Edited.Draft(chat.Topic(req.Room), m)
	})
}

// remove removes one of the caller's messages. Removing it again, as a retry
// does, gets the first answer.
func (s *Site) remove(ctx context.Context, req chat.RemoveRequest) (chat.ChangeReply, error) {
	if err := checkRoom(req.Room); err != nil {
		return chat.ChangeReply{}, err
	}
	return s.change(ctx, req.Room, req.ID, func(found) (event.Draft, error) {
		return chat.Removed.Draft(chat.Topic(req.Room), chat.Removal{ID: req.ID})
	})
}

// change appends a change of a message. A retry of a call that was executed gets
// the first answer, although the message may be gone by now.
func (s *Site) change(ctx context.Context, room, id string, draft func(found) (event.Draft, error)) (chat.ChangeReply, error) {
	reply, stored, err := s.tryChange(ctx, room, id, draft)
	if stored || (err != nil && !errors.Is(err, errNoMessage)) {
		return reply, err
	}
	switch before, known, recallErr := s.recall(ctx, chat.Topic(room)); {
	case recallErr != nil:
		return chat.ChangeReply{}, recallErr
	case known:
		return chat.ChangeReply{ID: before}, nil
	}
	return reply, err
}

// tryChange appends a change of a message, if it is the caller's. The log stores it
// only if the room has no new event since the message was looked up: an edit never
// follows a removal, whichever nodes the two come from.
func (s *Site) tryChange(ctx context.Context, room, id string, draft func(found) (event.Draft, error)) (reply chat.ChangeReply, stored bool, err error) {
	for range changeTries {
		f, err := s.find(ctx, room, id)
		if err != nil {
			return reply, false, err
		}
		d, err := draft(f)
		switch {
		case err != nil:
			return reply, false, err
		case f.By == "" || f.By != command.Identity(ctx):
			return reply, false, errNotAuthor
		case !f.Removed.IsZero() && d.Type == chat.Removed.Name():
			return chat.ChangeReply{ID: f.Removed}, false, nil
		case !f.Removed.IsZero():
			return reply, false, errNoMessage
		}
		command.Once(ctx)(&d)
		d.ExpectLast = &f.last
		done, err := s.log.Append(ctx, d)
		if !errors.Is(err, eventlog.ErrConflict) {
			return chat.ChangeReply{ID: done}, err == nil, err
		}
	}
	return reply, false, errBusyRoom
}

// recall returns the id of the event that was stored under the caller's key. It
// appends a draft that the log never stores, since it expects a number that no
// topic has. It returns the error of a key that was used for another request.
func (s *Site) recall(ctx context.Context, topic string) (id event.ID, known bool, err error) {
	if command.IdempotencyKey(ctx) == "" {
		return id, false, nil
	}
	never := uint64(1 << 62)
	d := event.Draft{Topic: topic, Type: "key.recalled", ExpectLast: &never}
	command.Once(ctx)(&d)
	id, err = s.log.Append(ctx, d)
	if errors.Is(err, eventlog.ErrConflict) {
		return id, false, nil
	}
	return id, err == nil, err
}

// A found is a message of a room.
type found struct {
	chat.Line
	last uint64 // the number of the room's newest event in the log; 0 if that has left it
}

// find looks a message up in the state of its room, on whichever node it was changed
// last: also one whose events have left the log.
func (s *Site) find(ctx context.Context, room, id string) (f found, err error) {
	ctx, cancel := context.WithTimeout(ctx, readTime)
	defer cancel()
	err = s.rooms.Read(ctx, room, func(h *chat.History, _ event.ID) error {
		line, ok := h.Lines[id]
		if !ok {
			return errNoMessage
		}
		f = found{line, h.Last.Seq()}
		return nil
	})
	if err != nil {
		return found{}, err
	}
	state, err := s.opts.Log.State(ctx)
	if f.last < state.First {
		f.last = 0
	}
	return f, err
}
