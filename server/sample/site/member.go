package site

import (
	"context"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/state"
)

// maxMembers is how many members there are at the most. Who comes later is none.
const maxMembers = 10_000

// guestMembers has one state, of the members. Only servers read it.
var guestMembers = state.Define[memberList]("guest.members")

var (
	joined = state.On(guestMembers, "guest.joined", func(m *memberList, e event.Of[guest.Guest]) {
		if len(m.Members) < maxMembers {
			m.Members[e.Value.ID] = true
		}
	})
	left = state.On(guestMembers, "guest.left", func(m *memberList, e event.Of[guest.Guest]) { delete(m.Members, e.Value.ID) })
)

// allMembers is the key of the one state.
const allMembers = "all"

// A memberList has the members' IDs.
type memberList struct {
	Members map[string]bool `json:"members"`
}

var (
	errMembersOnly = fault.New(fault.Forbidden, "only members see this room")
	errNameless    = fault.New(fault.Conflict, "pick a name first")
)

// mayUseRoom is the rule of rooms: everyone may see each that can exist, and post there, but
// for the members'.
func (s *Site) mayUseRoom(r access.Right) error {
	switch {
	case chat.CheckRoom(r.Key) != nil:
		return errNotPublic
	case r.Key == guest.MembersRoom:
		return s.membersOnly(r)
	}
	return nil
}

// membersOnly is a rule.
func (s *Site) membersOnly(r access.Right) error {
	if r.User == "" {
		return guest.ErrNoGuest
	}
	ctx, cancel := context.WithTimeout(r.HTTP.Context(), readTime)
	defer cancel()
	return s.members.View(ctx, allMembers, func(m *memberList, _ event.ID) error {
		if !m.Members[r.User] {
			return errMembersOnly
		}
		return nil
	})
}

// join makes the caller a member.
func (s *Site) join(ctx context.Context, _ guest.MembershipRequest) (m guest.Membership, err error) {
	g, err := s.guest(ctx, command.Identity(ctx))
	switch {
	case err != nil:
		return m, err
	case g.Name == "":
		return m, errNameless
	}
	if _, err := joined.Publish(ctx, s.log, guestMembers.Topic(allMembers), g, command.Once(ctx)); err != nil {
		return m, err
	}
	return s.membership(ctx, g.ID)
}

// leave ends the caller's membership, and the streams that it allowed.
func (s *Site) leave(ctx context.Context, _ guest.MembershipRequest) (m guest.Membership, err error) {
	g := guest.Guest{ID: command.Identity(ctx)}
	if _, err := left.Publish(ctx, s.log, guestMembers.Topic(allMembers), g, command.Once(ctx)); err != nil {
		return m, err
	}
	if m, err = s.membership(ctx, g.ID); err != nil || m.Member {
		return m, err // or a retry, after the guest has joined again
	}
	return m, s.server.Revoke(ctx, g.ID, chat.Histories.Topic(guest.MembersRoom))
}

// membership returns whether a guest is a member, after what was published before.
func (s *Site) membership(ctx context.Context, id string) (m guest.Membership, err error) {
	ctx, cancel := context.WithTimeout(ctx, readTime)
	defer cancel()
	err = s.members.Read(ctx, allMembers, func(all *memberList, _ event.ID) error {
		m.Member = all.Members[id]
		return nil
	})
	return m, err
}
