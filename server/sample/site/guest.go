package site

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/guest"
)

// readTime bounds how long a request waits for this node's states. A retry is better than
// a stale answer.
const readTime = 5 * time.Second

// whoami returns the caller's identity, and creates a guest for a caller
// without one. Over a socket it cannot: a reply has no headers for a cookie.
func (s *Site) whoami(ctx context.Context, _ guest.WhoamiRequest) (guest.Guest, error) {
	if id := command.Identity(ctx); id != "" {
		return s.guest(ctx, id)
	}
	begin := newGuestFunc(ctx)
	if begin == nil {
		return guest.Guest{}, guest.ErrNoGuest
	}
	id, err := begin()
	return guest.Guest{ID: id}, err
}

// rename sets the caller's name. A guest who picks one for the first time is
// announced to the guests who are present.
func (s *Site) rename(ctx context.Context, req guest.RenameRequest) (guest.Guest, error) {
	g := guest.Guest{ID: command.Identity(ctx), Name: strings.TrimSpace(req.Name)}
	if err := guest.CheckName("name", g.Name); err != nil {
		return g, err
	}
	was, err := s.guest(ctx, g.ID)
	if err != nil {
		return g, err
	}
	if was == g {
		return g, s.recall(ctx, namesTopic)
	}
	// A retry is answered with the name that it asks for, too, whatever it is by now.
	return g, s.setName(ctx, was, g, command.Once(ctx))
}

// setName gives a guest another name, and returns when what the guest posts next has it,
// and a message can mention it.
func (s *Site) setName(ctx context.Context, was, g guest.Guest, opts ...event.Option) error {
	if _, err := named.Publish(ctx, s.log, namesTopic, g, opts...); err != nil {
		return err
	}
	if was.Name == "" {
		s.noticeJoin(ctx, g)
	}
	_, err := s.guest(ctx, g.ID)
	return err
}

// guest returns a guest with the newest name, on whichever node it was set.
func (s *Site) guest(ctx context.Context, id string) (g guest.Guest, err error) {
	ctx, cancel := context.WithTimeout(ctx, readTime)
	defer cancel()
	err = s.names.Read(ctx, allNames, func(n *nameIndex, _ event.ID) error {
		g = n.guest(id)
		return nil
	})
	return g, err
}

// viewNames calls fn with the names as this node knows them, which costs microseconds:
// another node's newest may be missing for a moment.
func (s *Site) viewNames(ctx context.Context, fn func(n *nameIndex)) error {
	ctx, cancel := context.WithTimeout(ctx, readTime)
	defer cancel()
	return s.names.View(ctx, allNames, func(n *nameIndex, _ event.ID) error {
		fn(n)
		return nil
	})
}

// recall returns the error of a key that was used for another request than the caller's,
// for a command that has nothing to publish. It appends a draft that the log never stores,
// since it expects a number that no topic has.
func (s *Site) recall(ctx context.Context, topic string) error {
	if command.IdempotencyKey(ctx) == "" {
		return nil
	}
	never := uint64(1 << 62)
	d := event.Draft{Topic: topic, Type: "key.recalled", ExpectLast: &never}
	command.Once(ctx)(&d)
	if _, err := s.log.Append(ctx, d); !errors.Is(err, eventlog.ErrConflict) {
		return err
	}
	return nil
}
