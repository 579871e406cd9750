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
	// searchDepth is how many of a room's newest events are searched for a
	// message that is to be changed.
	searchDepth = 1000
	// changeTries is how often a change is tried while others write to the room.
	changeTries = 10
)

var (
	errNoMessage = fault.New(fault.NotFound, "there is no such message, or not any more, or it is too old to be changed")
	errNotAuthor = fault.New(fault.Forbidden, "a message can be changed by its author only")
	errBusyRoom  = fault.New(fault.Unavailable, "the room is too busy just now")
)

// edit gives a message of the caller's another text.
func (s *Site) edit(ctx context.Context, req chat.EditRequest) (chat.ChangeReply, error) {
	err := checkRoom(req.Room)
	if err == nil {
		err = checkText(req.Text)
	}
	if err != nil {
		return chat.ChangeReply{}, err
	}
	return s.change(ctx, req.Room, req.ID, func(f found) (event.Draft, error) {
		m := f.message
		m.Text, m.Edited, m.Room = req.Text, true, req.Room
		return chat.Edited.Draft(chat.Topic(req.Room), m)
	})
}

// remove takes a message of the caller's back. To take it back again, as a retry
// does, is answered as the first time.
func (s *Site) remove(ctx context.Context, req chat.RemoveRequest) (chat.ChangeReply, error) {
	if err := checkRoom(req.Room); err != nil {
		return chat.ChangeReply{}, err
	}
	return s.change(ctx, req.Room, req.ID, func(found) (event.Draft, error) {
		return chat.Removed.Draft(chat.Topic(req.Room), chat.Removal{ID: req.ID, Room: req.Room})
	})
}

// change appends what becomes of a message. A call that was carried out before is
// answered as it was, although the message may be gone by now.
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

// tryChange appends what becomes of a message, if it is the caller's. The log takes
// it only if nothing has come to the room since the message was looked up: an
// edit never follows a removal, from whatever nodes the two come.
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
		case f.message.By == "" || f.message.By != command.Identity(ctx):
			return reply, false, errNotAuthor
		case !f.removal.IsZero() && d.Type == chat.Removed.Name():
			return chat.ChangeReply{ID: f.removal}, false, nil
		case !f.removal.IsZero():
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

// recall asks the log what was stored under the caller's key, by a draft that it
// takes in no case: a topic has no number that high. It returns the error of a key
// that was used for another request.
func (s *Site) recall(ctx context.Context, topic string) (id event.ID, known bool, err error) {
	if command.CallKey(ctx) == "" {
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

// A found is a message as the log has it.
type found struct {
	message chat.Message // as it reads, or read before it was removed
	removal event.ID     // zero if it was not
	last    uint64       // the number of the room's newest event
}

// find looks a message up in the newest events of its room, the newest first.
// The log is all there is to look in, so every node finds the same. Of a message
// that was posted twice, by a call that came again when its key was forgotten, the
// first counts, and what was done to it.
func (s *Site) find(ctx context.Context, room, id string) (found, error) {
	topic := chat.Topic(room)
	if err := s.catchUp(ctx); err != nil {
		return found{}, err
	}
	events, _, err := s.hub.Snapshot(ctx, []string{topic}, searchDepth)
	if err != nil {
		return found{}, err
	}
	var f found
	known := false
	for i := len(events) - 1; i >= 0; i-- {
		e := events[i]
		f.last = max(f.last, e.ID().Seq())
		switch m, removed := said(e); {
		case m.ID == id && id != "":
			f.message, known = m, true
			if e.Type() == chat.Edited.Name() {
				return f, nil // no edit follows a removal
			}
		case removed == id && f.removal.IsZero():
			f.removal = e.ID()
		}
	}
	if !known {
		return found{}, errNoMessage
	}
	return f, nil
}

// said returns the message that an event tells whole, or the ID of the one that
// it removes.
func said(e event.Event) (m chat.Message, removed string) {
	switch e.Type() {
	case chat.Posted.Name():
		of, _ := chat.Posted.Decode(e.ID(), e.Data()) // what cannot be read has no ID
		return of.Value, ""
	case chat.Edited.Name():
		of, _ := chat.Edited.Decode(e.ID(), e.Data())
		return of.Value, ""
	case chat.Removed.Name():
		of, _ := chat.Removed.Decode(e.ID(), e.Data())
		return m, of.Value.ID
	}
	return m, ""
}

// catchUpTime bounds the wait of a request for this node. Who asked may ask
// again, which is better than an answer from the past.
const catchUpTime = 5 * time.Second

// catchUp waits until this node's hub has what the log had when it was asked: a
// page may ask here to change what it has just posted, on another node or on
// this one, which hears of it by its tail.
func (s *Site) catchUp(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, catchUpTime)
	defer cancel()
	state, err := s.opts.Log.State(ctx)
	if err != nil {
		return err
	}
	return s.hub.Await(ctx, state.Last)
}
