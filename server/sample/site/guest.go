package site

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/sample/guest"
)

// whoami tells the caller's identity, and makes a guest of one who has none. A
// socket cannot: its answer has no head any more.
func (s *Site) whoami(ctx context.Context, _ guest.WhoamiRequest) (guest.Guest, error) {
	if id := command.Identity(ctx); id != "" {
		err := s.awaitNames(ctx)
		return s.names.guest(id), err
	}
	begin := visitorOf(ctx).begin
	if begin == nil {
		return guest.Guest{}, errStranger
	}
	id, err := begin()
	return guest.Guest{ID: id}, err
}

// rename gives the caller a name. Whoever picks one for the first time is
// announced to those who are here.
func (s *Site) rename(ctx context.Context, req guest.RenameRequest) (guest.Guest, error) {
	g := guest.Guest{ID: command.Identity(ctx), Name: strings.TrimSpace(req.Name)}
	if err := checkName("name", g.Name); err != nil {
		return g, err
	}
	if err := s.awaitNames(ctx); err != nil {
		return g, err
	}
	was := s.names.guest(g.ID)
	if was == g {
		_, _, err := s.recall(ctx, namesTopic)
		return g, err
	}
	id, err := record(ctx, s.log, namesTopic, namedType, g, command.Once(ctx))
	if err != nil {
		return g, err
	}
	s.names.put(g, id.Seq(), time.Now())
	if was.Name == "" {
		s.announce(ctx, g)
	}
	return g, nil // a retry, too, whatever the name is by now
}

// checkName refuses what cannot be a name, in the field given.
func checkName(field, name string) error {
	switch {
	case isBlank(name):
		return fault.Field(field, "the name is empty")
	case utf8.RuneCountInString(name) > guest.MaxName:
		return fault.Field(field, "the name is longer than %d characters", guest.MaxName)
	case strings.ContainsFunc(name, unicode.IsControl):
		return fault.Field(field, "the name holds control characters")
	}
	return nil
}

// awaitNames waits until the names have been read from the log, after a start.
func (s *Site) awaitNames(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, namesTime)
	defer cancel()
	select {
	case <-s.known:
		return nil
	case <-ctx.Done():
		return fault.New(fault.Unavailable, "the server is starting")
	}
}

// namesTime bounds that. The caller tries again.
const namesTime = 5 * time.Second
