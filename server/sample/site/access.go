package site

import (
	"slices"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/server/live"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/sample/board"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/sample/transports"
	"github.com/seawaykit/seaway/shared/sample/vitals"
)

// mayFollow lets everyone follow the public topics that are not of states. Other
// topics are internal to the servers.
var mayFollow = live.Public(vitals.ClockTopic, vitals.SamplesTopic, guest.PresenceTopic, transports.Topic)

// errNotPublic refuses a state.
var errNotPublic = &fault.Error{Code: fault.Forbidden, Message: "this topic is not public", Field: "topic"}

// anyBoard is the rule of boards: everyone may see and change those that have a page.
func anyBoard(r access.Right) error {
	if !slices.Contains(board.Names, r.Key) {
		return errNotPublic
	}
	return nil
}

// ownInbox is the rule of inboxes: guests may see their own.
func ownInbox(r access.Right) error {
	if r.User == "" || r.Key != r.User {
		return errNotPublic
	}
	return nil
}

// mayCall lets everyone post, but to the members' room, get an identity, and compare
// transports, where a page's token decides. The other commands are for guests.
func (s *Site) mayCall(r access.Right) error {
	if roomOf(r.Request) == guest.MembersRoom {
		return s.membersOnly(r)
	}
	switch r.Command {
	case chat.Post.Name(), guest.Whoami.Name(), transports.GetUsage.Name(), transports.Drop.Name(), transports.Reply.Name():
		return nil
	}
	if r.User == "" {
		return errNoGuest
	}
	return nil
}
